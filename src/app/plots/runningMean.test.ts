import { expect, it } from 'vitest';
import { runningMean } from './runningMean.ts';

it('averages what came before, as far as the window goes', () => {
  expect(runningMean([1, 3, 5, 9], 2)).toEqual([1, 2, 4, 7]);
  expect(runningMean([4, 2], 10)).toEqual([4, 3]);
  expect(runningMean([], 3)).toEqual([]);
});
