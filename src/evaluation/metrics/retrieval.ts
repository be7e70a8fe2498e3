import { rankByScore, requireScored } from './errors.ts';

/**
 * 1-based rank of the best-placed relevant item; null when nothing is relevant. Among equal scores irrelevant items
 * count as placed first, so that a constant score earns nothing.
 *
 * @throws MetricInputError for unequal lengths or scores that are not numbers
 */
export function firstRelevantRank(
  scores: ArrayLike<number>,
  relevance: ArrayLike<number | boolean>,
): number | null {
  requireScored(scores, relevance);
  const first = rankByScore(scores).find((index) => Number(relevance[index]!) > 0);
  if (first === undefined) return null;
  let ahead = 0;
  for (let i = 0; i < scores.length; i++) {
    const tied = scores[i] === scores[first] && !(Number(relevance[i]!) > 0);
    if (scores[i]! > scores[first]! || tied) ahead++;
  }
  return ahead + 1;
}

/** 1 / rank of the first relevant item; its mean over queries is MRR. Null when nothing is relevant. */
export function reciprocalRank(
  scores: ArrayLike<number>,
  relevance: ArrayLike<number | boolean>,
): number | null {
  const rank = firstRelevantRank(scores, relevance);
  return rank === null ? null : 1 / rank;
}

/** Is a relevant item among the k best (method §3.3: k = 10)? Null when nothing is relevant. */
export function topKHit(
  scores: ArrayLike<number>,
  relevance: ArrayLike<number | boolean>,
  k: number,
): boolean | null {
  const rank = firstRelevantRank(scores, relevance);
  return rank === null ? null : rank <= k;
}
