import { describe, expect, it } from 'vitest';
import { mapValues, shrinkMap } from './smallMap.ts';

describe('shrinkMap', () => {
  it('keeps the ends, and all between to a 510th of the range', () => {
    const values = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i) * 0.7 - 0.1);
    const small = shrinkMap({ columns: 10, rows: 6, values });
    expect(small.levels).toHaveLength(60);
    const back = mapValues(small);
    const range = small.high - small.low;
    for (const [i, value] of values.entries())
      expect(Math.abs(back[i]! - value)).toBeLessThanOrEqual(range / 510 + 1e-6);
    expect(Math.max(...back)).toBeCloseTo(Math.max(...values), 6);
  });

  it('takes a map without extent', () => {
    expect([...mapValues(shrinkMap({ columns: 2, rows: 1, values: new Float32Array([0.5, 0.5]) }))]).toEqual([
      0.5, 0.5,
    ]);
  });
});
