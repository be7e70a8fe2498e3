import type { Timing } from './report.ts';

/** How long to measure. */
export interface TimingOptions {
  /** Most timed runs. */
  runs: number;
  /** No run is started after this many milliseconds of timed runs, once `least` were done. */
  budgetMs: number;
  /** Fewest timed runs; one is enough when it takes longer than the budget. */
  least: number;
  /** Milliseconds of runs beforehand that do not count; none when left out. */
  warmUpMs?: number;
}

/** Several seconds are enough to see the best of a step. A GPU that was idle needs some tenths of one to raise its clock. */
export const TIMING: TimingOptions = { runs: 20, budgetMs: 6000, least: 5, warmUpMs: 500 };

/** Processors take seconds for a step, and are steadier. */
export const CPU_TIMING: TimingOptions = { runs: 5, budgetMs: 5000, least: 3 };

/**
 * Time `body`, which must wait until its work is done. The first `warmUps` runs, in which kernels are compiled, do not count.
 * @param warmUps at least 1
 */
export async function timeRuns(
  body: () => Promise<void>,
  { runs, budgetMs, least, warmUpMs = 0 }: TimingOptions = TIMING,
  warmUps = 1,
): Promise<Timing> {
  const time = async (): Promise<number> => {
    const start = performance.now();
    await body();
    return performance.now() - start;
  };
  const firstMs = await time();
  for (let i = 1; i < warmUps; i++) await time();
  for (let spent = firstMs; spent < warmUpMs; ) spent += await time();
  const times: number[] = [];
  let spent = 0;
  while (times.length < runs && (spent < budgetMs || (times.length < least && times[0]! < budgetMs))) {
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
