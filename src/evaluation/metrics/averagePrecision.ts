import { rankByScore, requireScored } from './errors.ts';

/** One point of a precision-recall curve: everything scored at least `threshold` is called positive. */
export interface PrecisionRecallPoint {
  threshold: number;
  precision: number;
  recall: number;
}

/**
 * Precision and recall at every distinct score, highest first; equal scores are accepted together.
 * Empty when there is no positive, for which recall has no meaning.
 *
 * @param labels above 0 (or true) is positive
 * @throws MetricInputError for unequal lengths or scores that are not numbers
 */
export function precisionRecallCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number | boolean>,
): PrecisionRecallPoint[] {
  requireScored(scores, labels);
  const isPositive = (i: number) => Number(labels[i]!) > 0;
  let positives = 0;
  for (let i = 0; i < labels.length; i++) if (isPositive(i)) positives++;
  const curve: PrecisionRecallPoint[] = [];
  if (positives === 0) return curve;
  let found = 0;
  rankByScore(scores).forEach((index, rank, ranking) => {
    if (isPositive(index)) found++;
    const threshold = scores[index]!;
    if (rank + 1 < ranking.length && scores[ranking[rank + 1]!] === threshold) return;
    curve.push({ threshold, precision: found / (rank + 1), recall: found / positives });
  });
  return curve;
}

/**
 * Average precision, Σ (R_n − R_{n−1})·P_n over the distinct scores, without interpolation: scikit-learn's
 * `average_precision_score`, the "PR-AUC" of method §3.2.
 *
 * @param labels above 0 (or true) is positive
 * @returns 0 to 1; null when there is no positive (scikit-learn warns and answers 0)
 * @throws MetricInputError for unequal lengths or scores that are not numbers
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  labels: ArrayLike<number | boolean>,
): number | null {
  const curve = precisionRecallCurve(scores, labels);
  if (curve.length === 0) return null;
  let sum = 0;
  let before = 0;
  for (const { precision, recall } of curve) {
    sum += (recall - before) * precision;
    before = recall;
  }
  return sum;
}
