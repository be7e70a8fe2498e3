import { describe, expect, it } from 'vitest';
import { latestOnly } from './latestOnly.ts';

describe('latestOnly', () => {
  it('runs one at a time and skips all but the last of those waiting', async () => {
    const seen: number[] = [];
    const open: (() => void)[] = [];
    const call = latestOnly<number>((value) => {
      seen.push(value);
      return new Promise((resolve) => open.push(resolve));
    });
    for (const value of [1, 2, 3, 4]) call(value);
    expect(seen).toEqual([1]);
    open[0]!();
    await new Promise((resolve) => setTimeout(resolve));
    expect(seen).toEqual([1, 4]);
    open[1]!();
    await new Promise((resolve) => setTimeout(resolve));
    call(5);
    expect(seen).toEqual([1, 4, 5]);
  });
});
