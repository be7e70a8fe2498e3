import { describe, expect, it } from 'vitest';
import { pattern } from '../../images/testing.ts';
import type { Pixels } from '../../images/types.ts';
import { extendColors } from './extendColors.ts';

describe('extendColors', () => {
  it('keeps what is known and leaves nothing transparent', () => {
    const pixels = pattern(13, 9);
    const known = Uint8Array.from({ length: 117 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const { data } = extendColors(pixels, known);
    for (let i = 0; i < 117; i++) {
      expect(data[4 * i + 3]).toBe(255);
      if (known[i]) expect(data.subarray(4 * i, 4 * i + 3)).toEqual(pixels.data.subarray(4 * i, 4 * i + 3));
    }
  });

  it('never lets an unknown colour through', () => {
    const width = 21;
    const height = 14;
    const known = new Uint8Array(width * height);
    const pixels: Pixels = { width, height, data: new Uint8ClampedArray(width * height * 4) };
    for (let i = 0; i < known.length; i++) {
      known[i] = i % width < 7 ? 1 : 0;
      pixels.data.set(known[i] ? [200, 40, 10, 255] : [0, 255, 0, 255], 4 * i);
    }
    const { data } = extendColors(pixels, known);
    for (let i = 0; i < known.length; i++)
      expect([...data.subarray(4 * i, 4 * i + 4)]).toEqual([200, 40, 10, 255]);
  });

  it('fills from the nearer colours: left from left, right from right', () => {
    const known = new Uint8Array(16);
    const pixels: Pixels = { width: 16, height: 1, data: new Uint8ClampedArray(64) };
    known[0] = known[15] = 1;
    pixels.data.set([250, 0, 0, 255], 0);
    pixels.data.set([0, 0, 250, 255], 60);
    const { data } = extendColors(pixels, known);
    expect([data[4 * 6], data[4 * 6 + 2]]).toEqual([250, 0]);
    expect([data[4 * 9], data[4 * 9 + 2]]).toEqual([0, 250]);
  });
});
