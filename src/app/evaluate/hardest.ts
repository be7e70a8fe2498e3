import type { EvaluatedRow } from '../store/evaluationResult.ts';
import type { SmallMap } from '../store/smallMap.ts';

/** A test picture with its similarity before and, where there is an adapter, after. */
export interface HardPicture {
  image: string;
  before: number;
  after: number | null;
  /** Maps before and after, as far as there are any. */
  maps: SmallMap[];
}

/** Pictures of each kind. */
const COUNT = 6;

/**
 * The subject's pictures with the lowest similarity and those of others with the highest: by the first adapter's row (the
 * newest), or by the pretrained encoder where there is none.
 */
export function hardest(rows: readonly EvaluatedRow[]): {
  positives: HardPicture[];
  negatives: HardPicture[];
} {
  const [pretrained, adapted] = rows;
  if (!pretrained) return { positives: [], negatives: [] };
  const after = new Map(adapted?.records.map(({ image, score }) => [image, score]));
  const pictures = pretrained.records.map(({ image, owner, score }) => ({
    own: owner === pretrained.subject,
    picture: {
      ...{ image, before: score, after: after.get(image) ?? null },
      maps: [pretrained, adapted].flatMap((row) => row?.maps?.[image] ?? []),
    },
  }));
  const value = ({ before, after: later }: HardPicture) => later ?? before;
  const pick = (own: boolean, sign: 1 | -1) =>
    pictures
      .filter((entry) => entry.own === own)
      .map(({ picture }) => picture)
      .sort((a, b) => sign * (value(a) - value(b)))
      .slice(0, COUNT);
  return { positives: pick(true, 1), negatives: pick(false, -1) };
}
