import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { median, timeRuns } from './timing.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** Runs that take these many milliseconds; the last again and again. */
function taking(...milliseconds: number[]): () => Promise<void> {
  return async () => {
    vi.advanceTimersByTime(milliseconds.length > 1 ? milliseconds.shift()! : milliseconds[0]!);
  };
}

it('leaves warm-ups out and stops at the most runs', async () => {
  const timing = await timeRuns(taking(900, 500, 3, 2, 4), { runs: 3, budgetMs: 1000, least: 1 }, 2);
  expect(timing).toEqual({ firstMs: 900, bestMs: 2, medianMs: 3, runs: 3 });
});

it('warms up for as long as it is told', async () => {
  const options = { runs: 2, budgetMs: 1000, least: 1, warmUpMs: 100 };
  expect(await timeRuns(taking(50, 40, 30, 2, 4), options)).toEqual({
    ...{ firstMs: 50, bestMs: 2, medianMs: 3, runs: 2 },
  });
});

it('stops at the budget after the fewest runs', async () => {
  expect((await timeRuns(taking(60), { runs: 9, budgetMs: 100, least: 4 })).runs).toBe(4);
  expect((await timeRuns(taking(60), { runs: 9, budgetMs: 100, least: 1 })).runs).toBe(2);
});

it('takes one run when that alone is past the budget', async () => {
  expect((await timeRuns(taking(200), { runs: 9, budgetMs: 100, least: 4 })).runs).toBe(1);
});

it('takes the middle of an even count between its two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([5, 1, 3])).toBe(3);
});
