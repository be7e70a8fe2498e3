import { describe, expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import { paintBackground } from './paint.ts';

describe('paintBackground', () => {
  const pixels = { width: 8, height: 8, data: new Uint8ClampedArray(8 * 8 * 4).fill(100) };
  const mask = { width: 8, height: 8, data: new Uint8Array(64).map((_, i) => (i % 8 < 4 ? 255 : 0)) };

  it('leaves the object and replaces the rest, near the colour', () => {
    const painted = paintBackground({ pixels, mask }, [200, 40, 10], new Philox(1)).pixels.data;
    for (let i = 0; i < 64; i++) {
      const rgb = [...painted.subarray(4 * i, 4 * i + 3)];
      if (i % 8 < 4) expect(rgb).toEqual([100, 100, 100]);
      else {
        expect(Math.abs(rgb[0]! - 200)).toBeLessThan(40);
        expect(rgb[2]!).toBeLessThan(15);
      }
    }
    expect(pixels.data.every((value) => value === 100)).toBe(true);
  });

  it('depends on the random numbers, and leaves a view without a mask alone', () => {
    const of = (seed: number) =>
      paintBackground({ pixels, mask }, [90, 90, 90], new Philox(seed)).pixels.data;
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
    expect(paintBackground({ pixels, mask: undefined }, [1, 2, 3], new Philox(1)).pixels).toBe(pixels);
  });
});
