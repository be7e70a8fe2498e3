import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { minMaxNormalize } from './cleanup.ts';
import { DenseInputError } from './errors.ts';
import { otsuThreshold } from './otsu.ts';
import { readNpy } from './testing.ts';

const golden: { map: string; otsu: number }[] = JSON.parse(
  readFileSync(new URL('./testdata/otsu.json', import.meta.url), 'utf8'),
);

describe('otsuThreshold', () => {
  it.each(golden)('equals scikit-image on $map exactly', ({ map, otsu }) => {
    expect(otsuThreshold(minMaxNormalize(readNpy(map).values))).toBe(otsu);
  });

  it('equals scikit-image at any range, float32 roundings included', () => {
    const wave = Float32Array.from({ length: 600 }, (_, at) => {
      const [a, b] = [Math.floor(at / 30), at % 30];
      return Math.sin(0.37 * a) * 7 + Math.cos(0.21 * b * a) - 3 * ((a * b) % 5);
    });
    expect(otsuThreshold(wave)).toBe(-4.955723285675049);
    expect(otsuThreshold(wave.map((value) => value * Math.fround(1e-3)))).toBe(-0.004955723881721497);
  });

  it('separates two levels, whatever their sizes', () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => (i < 7 ? 5 : 1));
    const threshold = otsuThreshold(values);
    expect(threshold).toBeGreaterThanOrEqual(1);
    expect(threshold).toBeLessThan(5);
  });

  it('does not depend on the order of pixels', () => {
    const { values } = readNpy('map0.npy');
    expect(otsuThreshold(values.toReversed())).toBe(otsuThreshold(values));
    expect(otsuThreshold(values.toSorted())).toBe(otsuThreshold(values));
  });

  it('is the common value of a constant map', () => {
    expect(otsuThreshold(new Float32Array(9).fill(0.25))).toBe(0.25);
  });

  it('refuses empty maps and values that are not finite', () => {
    expect(() => otsuThreshold(new Float32Array())).toThrow(DenseInputError);
    expect(() => otsuThreshold(Float32Array.of(1, Number.NaN))).toThrow('NaN');
    expect(() => otsuThreshold(Float32Array.of(1, Number.POSITIVE_INFINITY))).toThrow('Infinity');
  });
});
