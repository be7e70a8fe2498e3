/** Scores and labels that no metric can be computed from; the message says which and why. */
export class MetricInputError extends Error {
  override readonly name = 'MetricInputError';
}

/** @throws MetricInputError unless both have the same length and every score is a number */
export function requireScored(scores: ArrayLike<number>, relevance: ArrayLike<unknown>): void {
  if (scores.length !== relevance.length) {
    throw new MetricInputError(
      `${scores.length} scores for ${relevance.length} labels; there must be one each`,
    );
  }
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]!)) {
      throw new MetricInputError(
        `score ${i} of ${scores.length} is not a number; a feature was zero or broken`,
      );
    }
  }
}

/** Indices of the scores, best first; equal scores in their given order. */
export function rankByScore(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
}
