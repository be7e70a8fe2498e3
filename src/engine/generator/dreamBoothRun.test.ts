import { describe, expect, it } from 'vitest';
import { samplesLeft } from './dreamBoothRun.ts';

describe('samplesLeft', () => {
  /** Counted as the run decides it, step by step. */
  const counted = (from: number, steps: number, every: number): number => {
    let count = 0;
    for (let step = from + 1; step <= steps; step++)
      if (every > 0 && (step % every === 0 || step === steps)) count++;
    return count;
  };

  it.each([
    [0, 150, 50],
    [50, 150, 50],
    [149, 150, 50],
    [3, 7, 3],
    [6, 7, 3],
    [7, 7, 3],
    [2, 9, 0],
  ])('after step %i of %i with one every %i', (step, steps, every) => {
    expect(samplesLeft(step, steps, every)).toBe(counted(step, steps, every));
  });
});
