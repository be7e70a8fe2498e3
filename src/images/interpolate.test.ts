import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { interpolateBilinear } from './interpolate.ts';
import { floatsOf } from './testing.ts';

const golden: { width: number; height: number; data: string }[] = JSON.parse(
  readFileSync(new URL('./testdata/maps.json', import.meta.url), 'utf8'),
).interpolate;

describe('interpolateBilinear', () => {
  const wave = Float32Array.from({ length: 63 }, (_, at) => {
    const [i, j] = [Math.floor(at / 9), at % 9];
    return Math.cos(0.6 * i * j + j);
  });

  it.each(golden)('equals torch at $width×$height', (want) => {
    const got = interpolateBilinear(wave, 9, 7, want.width, want.height);
    expect(got).toBeAllclose(floatsOf(want.data), { atol: 1e-6, rtol: 0 });
  });

  it('repeats edges and is linear between', () => {
    const got = interpolateBilinear(Float32Array.of(0, 8), 2, 1, 8, 1);
    expect([...got]).toEqual([0, 0, 1, 3, 5, 7, 8, 8]);
  });
});
