import type { TimingOptions } from '../timing.ts';

/** For work of milliseconds: the best of many runs, after the clock has settled. */
export const SHORT: TimingOptions = { runs: 40, budgetMs: 1500, least: 5, warmUpMs: 200 };

/** For work of tenths of a second to seconds. */
export const LONG: TimingOptions = { runs: 8, budgetMs: 4000, least: 3 };

/** For other engines, which may take half a minute for a run. */
export const RIVAL: TimingOptions = { runs: 5, budgetMs: 5000, least: 1 };
