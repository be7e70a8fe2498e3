import { averagePrecision } from '../../evaluation/metrics/averagePrecision.ts';

/** Scores of one test picture by one set of weights. */
export interface PictureScores {
  name: string;
  isSubject: boolean;
  score: number;
  patchAp: number | null;
  iou: number | null;
  /** The same for the object-minus-background map. */
  differencePatchAp: number | null;
  differenceIou: number | null;
}

/** Means over the subject's pictures; null where nothing is known. */
export interface AverageScores {
  /** Average precision of ranking the subject's pictures above the others by similarity. */
  averagePrecision: number | null;
  score: number | null;
  patchAp: number | null;
  iou: number | null;
  differencePatchAp: number | null;
  differenceIou: number | null;
}

/** Average the scores of one set of weights. */
export function averageScores(pictures: readonly PictureScores[]): AverageScores {
  const own = pictures.filter(({ isSubject }) => isSubject);
  const mean = (key: 'score' | 'patchAp' | 'iou' | 'differencePatchAp' | 'differenceIou'): number | null => {
    const values = own.map((picture) => picture[key]).filter((value) => value !== null);
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  };
  const ranked = own.length > 0 && own.length < pictures.length;
  return {
    averagePrecision: ranked
      ? averagePrecision(
          pictures.map(({ score }) => score),
          pictures.map(({ isSubject }) => Number(isSubject)),
        )
      : null,
    score: mean('score'),
    patchAp: mean('patchAp'),
    iou: mean('iou'),
    differencePatchAp: mean('differencePatchAp'),
    differenceIou: mean('differenceIou'),
  };
}
