import type { TrainingSettings } from '../settings.ts';

/** What an image is in a run. */
export type ImageSource = 'real' | 'cutpaste' | 'negative';

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
  negative: number;
}

/**
 * Pools of a run (method §1.5). Anchors are real, synthetic or both by `anchorMode`; positives by `positives`, where
 * `combined` draws real and Cut/Paste images equally often: the fewer kind is listed more often.
 */
export function imagePools(
  counts: ImageCounts,
  { anchorMode, positives }: Pick<TrainingSettings, 'anchorMode' | 'positives'>,
): ImagePools {
  const list = (source: ImageSource, count: number): ImageRef[] =>
    Array.from({ length: count }, (_, index) => ({ source, index }));
  const real = list('real', counts.real);
  const synthetic = list('cutpaste', counts.cutpaste);
  const anchors = { real, synthetic: synthetic.length ? synthetic : real, both: [...real, ...synthetic] };
  const chosen = {
    real,
    cutpaste: synthetic.length ? synthetic : real,
    combined: synthetic.length ? balanced(real, synthetic) : real,
  };
  return {
    anchors: anchors[anchorMode],
    positives: chosen[positives],
    negatives: list('negative', counts.negative),
  };
}

/** Both lists with each repeated until they are about equally long. */
function balanced(a: ImageRef[], b: ImageRef[]): ImageRef[] {
  const length = Math.max(a.length, b.length);
  const fill = (list: ImageRef[]) => Array.from({ length }, (_, i) => list[i % list.length]!);
  return a.length === 0 || b.length === 0 ? [...a, ...b] : [...fill(a), ...fill(b)];
}
