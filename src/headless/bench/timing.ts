import type { Timing } from './report.ts';

/** How long to measure. */
export interface TimingOptions {
  /** Most timed runs after the warm-up. */
  runs: number;
  /** No run is started after this many milliseconds of timed runs, once `least` were done. */
  budgetMs: number;
  /** Fewest timed runs. */
  least: number;
}

/** Several seconds are enough to see the best of a step. */
export const TIMING: TimingOptions = { runs: 12, budgetMs: 6000, least: 3 };

/** Software adapters take seconds for a step, and are steadier. */
export const SOFTWARE_TIMING: TimingOptions = { runs: 5, budgetMs: 4000, least: 2 };

/**
 * Time `body`, which must wait until its work is done, after one run that compiles. When the first run took longer than
 * twice the whole budget it is the only one, and counts.
 */
export async function timeRuns(
  body: () => Promise<void>,
  { runs, budgetMs, least }: TimingOptions = TIMING,
): Promise<Timing> {
  const time = async (): Promise<number> => {
    const start = performance.now();
    await body();
    return performance.now() - start;
  };
  const firstMs = await time();
  if (firstMs > 2 * budgetMs) return { firstMs, bestMs: firstMs, medianMs: firstMs, runs: 1 };
  const times: number[] = [];
  let spent = 0;
  while (times.length < runs && (times.length < least || spent < budgetMs)) {
    times.push(await time());
    spent += times.at(-1)!;
  }
  return { firstMs, bestMs: Math.min(...times), medianMs: median(times), runs: times.length };
}

/** Middle of the sorted numbers, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
