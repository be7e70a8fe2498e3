import { describe, expect, it } from 'vitest';
import type { Mask, Pixels } from '../../images/types.ts';
import { Philox } from '../../random/philox.ts';
import { fromVaeOutput, toVaeInput } from '../generator/pixels.ts';
import { cutView, maskWeights, randomSquare } from './views.ts';

/** A black picture with a white block, and the block as its mask. */
function scene(width: number, height: number, [x, y, w, h]: [number, number, number, number]) {
  const pixels: Pixels = { width, height, data: new Uint8ClampedArray(width * height * 4) };
  const mask: Mask = { width, height, data: new Uint8Array(width * height) };
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const inside = column >= x && column < x + w && row >= y && row < y + h;
      const at = row * width + column;
      pixels.data.set(inside ? [255, 255, 255, 255] : [0, 0, 0, 255], 4 * at);
      mask.data[at] = inside ? 255 : 0;
    }
  }
  return { pixels, mask };
}

describe('randomSquare', () => {
  it('is the short side anywhere along the long one', () => {
    const { pixels, mask } = scene(60, 20, [50, 5, 8, 8]);
    const random = new Philox(1);
    const squares = Array.from({ length: 200 }, () => randomSquare(pixels, mask, 'photo', random));
    expect(squares.every(({ side, y, x }) => side === 20 && y === 0 && x >= 0 && x <= 40)).toBe(true);
    expect(Math.min(...squares.map(({ x }) => x))).toBeLessThan(5);
    expect(Math.max(...squares.map(({ x }) => x))).toBeGreaterThan(35);
  });

  it.each([
    [100, 80, [60, 50, 20, 12]],
    [100, 80, [0, 0, 9, 30]],
    [40, 30, [5, 2, 34, 26]],
    [64, 64, [60, 60, 4, 4]],
  ] as [
    number,
    number,
    [number, number, number, number],
  ][])('holds the object of a %i × %i photo at %j', (width, height, block) => {
    const { pixels, mask } = scene(width, height, block);
    const random = new Philox(2);
    for (let i = 0; i < 100; i++) {
      const { x, y, side } = randomSquare(pixels, mask, 'object', random);
      expect(x >= 0 && y >= 0 && x + side <= width && y + side <= height).toBe(true);
      if (side < Math.max(block[2], block[3])) continue;
      expect(x <= block[0] && x + side >= block[0] + block[2]).toBe(true);
      expect(y <= block[1] && y + side >= block[1] + block[3]).toBe(true);
    }
  });

  it('falls back to the photo without a mask', () => {
    const { pixels } = scene(30, 20, [0, 0, 1, 1]);
    expect(randomSquare(pixels, undefined, 'object', new Philox(1)).side).toBe(20);
  });
});

describe('cutView', () => {
  it.each([false, true])('moves image and mask alike, mirrored %s', (mirrored) => {
    const { pixels, mask } = scene(50, 40, [22, 11, 9, 17]);
    const square = { x: 10, y: 3, side: 36 };
    const view = cutView(pixels, mask, square, 16, mirrored);
    const grey = view.mask!.data;
    let worst = 0;
    // The picture is its own mask: bicubic and bilinear differ at the edges only.
    grey.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - view.pixels.data[4 * i]!));
    });
    expect(worst).toBeLessThan(70);
    expect(Math.max(...grey)).toBe(255);
    const mean = (part: (i: number) => boolean) =>
      grey.filter((_, i) => part(i % 16)).reduce((a, b) => a + b, 0);
    const [left, right] = [mean((x) => x < 8), mean((x) => x >= 8)];
    expect(mirrored ? left < right : left > right).toBe(true);
  });

  it('takes a mask of another resolution', () => {
    const { pixels } = scene(40, 40, [10, 10, 20, 20]);
    const { mask } = scene(20, 20, [5, 5, 10, 10]);
    const view = cutView(pixels, mask, { x: 0, y: 0, side: 40 }, 8, false);
    const inside = [...view.mask!.data].filter((value) => value > 100).length;
    expect(inside).toBe(16);
  });
});

describe('maskWeights', () => {
  it('is (m + floor)/max, squared', () => {
    const { mask } = scene(8, 8, [0, 0, 4, 8]);
    const weights = maskWeights(mask, 2, 0.01);
    expect(weights).toBeAllclose([1, (0.01 / 1.01) ** 2, 1, (0.01 / 1.01) ** 2]);
    expect(maskWeights({ width: 8, height: 8, data: new Uint8Array(64) }, 2, 0.01)).toBeAllclose([
      1, 1, 1, 1,
    ]);
  });
});

describe('images of the coder', () => {
  it('go to [−1, 1] and back', () => {
    const { pixels } = scene(4, 3, [1, 1, 2, 1]);
    const values = toVaeInput(pixels);
    expect(values).toHaveLength(36);
    expect([Math.min(...values), Math.max(...values)]).toEqual([-1, 1]);
    expect(fromVaeOutput(values, 4, 3)).toEqual(pixels);
    const clear: Pixels = { width: 1, height: 1, data: new Uint8ClampedArray([0, 0, 0, 0]) };
    expect([...toVaeInput(clear)]).toEqual([1, 1, 1]);
  });
});
