import type { TrainingSettings } from '../settings.ts';

/** What an image is in a run. */
export type ImageSource = 'real' | 'cutpaste' | 'generated' | 'negative';

/** An image that views are drawn from: which list it is in, and where. */
export interface ImageRef {
  source: ImageSource;
  index: number;
}

/** The images that anchors, positives and negatives are drawn from. */
export interface ImagePools {
  anchors: ImageRef[];
  positives: ImageRef[];
  negatives: ImageRef[];
}

/** How many images there are of each kind. */
export interface ImageCounts {
  real: number;
  cutpaste: number;
  generated: number;
  negative: number;
}

/**
 * Pools of a run (method §1.5). Anchors are real, synthetic or both by `anchorMode`; positives by `positives`, where
 * `combined` draws every kind there is equally often: the fewer ones are listed more often. Where there is none of the kind
 * asked for, real ones stand in.
 */
export function imagePools(
  counts: ImageCounts,
  { anchorMode, positives }: Pick<TrainingSettings, 'anchorMode' | 'positives'>,
): ImagePools {
  const list = (source: ImageSource, count: number): ImageRef[] =>
    Array.from({ length: count }, (_, index) => ({ source, index }));
  const real = list('real', counts.real);
  const cutpaste = list('cutpaste', counts.cutpaste);
  const generated = list('generated', counts.generated);
  const synthetic = [...cutpaste, ...generated];
  const anchors = { real, synthetic: synthetic.length ? synthetic : real, both: [...real, ...synthetic] };
  const chosen = {
    real,
    cutpaste: cutpaste.length ? cutpaste : real,
    generated: generated.length ? generated : real,
    combined: balanced([real, cutpaste, generated]),
  };
  return {
    anchors: anchors[anchorMode],
    positives: chosen[positives],
    negatives: list('negative', counts.negative),
  };
}

/** All lists that have any, each repeated until they are about equally long. */
function balanced(lists: ImageRef[][]): ImageRef[] {
  const length = Math.max(...lists.map((list) => list.length));
  return lists
    .filter((list) => list.length > 0)
    .flatMap((list) => Array.from({ length }, (_, i) => list[i % list.length]!));
}
