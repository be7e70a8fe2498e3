import { MetricInputError, rankByScore, requireScored } from './errors.ts';

/**
 * Normalized discounted cumulative gain over the full ranking, log2 discount (method §3.3). Items of equal score share
 * the mean of their gains, as in scikit-learn's `ndcg_score` (McSherry and Najork, "Computing information retrieval
 * performance measures efficiently in the presence of tied scores", ECIR 2008).
 *
 * @param relevance gain of each item, at least 0; 0 or 1 for the paper
 * @returns 0 to 1; null when nothing is relevant
 * @throws MetricInputError for unequal lengths, scores that are not numbers or negative gains
 */
export function ndcg(scores: ArrayLike<number>, relevance: ArrayLike<number>): number | null {
  requireScored(scores, relevance);
  for (let i = 0; i < relevance.length; i++) {
    if (!(relevance[i]! >= 0))
      throw new MetricInputError(`relevance ${i} is ${relevance[i]}; it must be 0 or more`);
  }
  const best = Float64Array.from(relevance).sort().reverse();
  const ideal = best.reduce((sum, gain, rank) => sum + gain * discount(rank), 0);
  if (ideal === 0) return null;
  return tiedGain(scores, relevance) / ideal;
}

/** Weight of a 0-based rank. */
function discount(rank: number): number {
  return 1 / Math.log2(rank + 2);
}

function tiedGain(scores: ArrayLike<number>, relevance: ArrayLike<number>): number {
  const ranking = rankByScore(scores);
  let total = 0;
  let start = 0;
  while (start < ranking.length) {
    const score = scores[ranking[start]!];
    let end = start;
    let gains = 0;
    let discounts = 0;
    for (; end < ranking.length && scores[ranking[end]!] === score; end++) {
      gains += relevance[ranking[end]!]!;
      discounts += discount(end);
    }
    total += (gains / (end - start)) * discounts;
    start = end;
  }
  return total;
}
