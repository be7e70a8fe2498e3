import { describe, expect, it } from 'vitest';
import { drawnMask } from '../../images/testing.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import { buildPyramid } from './pyramid.ts';
import { composeWarp, objectKept, type Warp, warpPhoto } from './warp.ts';

const GREY: [number, number, number] = [128, 128, 128];

function photo(width: number, height: number, color: (x: number, y: number) => number[]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([...color(x, y), 255], (y * width + x) * 4);
  }
  return { width, height, data };
}

/** A photo that is white where its mask is object and black elsewhere: a tilted ellipse off the centre. */
function ellipse(width: number, height: number): { pixels: Pixels; mask: Mask } {
  const inside = (x: number, y: number) => {
    const dx = (x + 0.5 - 0.4 * width) / (0.33 * width);
    const dy = (y + 0.5 - 0.55 * height) / (0.2 * height);
    return (dx + 0.3 * dy) ** 2 + (dy - 0.2 * dx) ** 2 < 1;
  };
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = inside(i % width, Math.floor(i / width)) ? 255 : 0;
  return {
    pixels: photo(width, height, (x, y) => (inside(x, y) ? [255, 255, 255] : [0, 0, 0])),
    mask: { width, height, data },
  };
}

const whole = (width: number, height: number): Warp => ({
  window: { x: 0, y: 0, width, height },
  flip: false,
  radians: 0,
});

describe('composeWarp', () => {
  it('maps the middle to the window’s middle and the corners by crop, flip and rotation', () => {
    const window = { x: 10, y: 20, width: 40, height: 30 };
    const at = (warp: Warp, u: number, v: number) => {
      const { x0, ux, vx, y0, uy, vy } = composeWarp(warp, 8);
      return [x0 + ux * u + vx * v, y0 + uy * u + vy * v];
    };
    expect(at({ window, flip: true, radians: 0.7 }, 4, 4)).toBeAllclose([30, 35]);
    expect(at({ window, flip: false, radians: 0 }, 0, 0)).toBeAllclose([10, 20]);
    expect(at({ window, flip: true, radians: 0 }, 0, 0)).toBeAllclose([50, 20]);
    // A quarter turn: right of the output is down in the photo.
    expect(at({ window, flip: false, radians: Math.PI / 2 }, 8, 4)).toBeAllclose([30, 55]);
  });
});

describe('warpPhoto', () => {
  it('gives the photo back through the identity', () => {
    const pixels = photo(12, 12, (x, y) => [x * 20, y * 20, (x * y) % 256]);
    const { rgb, mask } = warpPhoto(buildPyramid(pixels), whole(12, 12), 12, GREY);
    const expected = [0, 1, 2].flatMap((c) => Array.from({ length: 144 }, (_, i) => pixels.data[i * 4 + c]!));
    expect(rgb).toBeAllclose(expected, { atol: 1e-3 });
    expect(new Set(mask)).toEqual(new Set([0]));
  });

  it('mirrors, and turns by quarters, without touching a value', () => {
    const pixels = photo(8, 8, (x, y) => [x * 30, y * 30, 7]);
    const red = (warp: Warp) => warpPhoto(buildPyramid(pixels), warp, 8, GREY).rgb.subarray(0, 64);
    const mirrored = Array.from({ length: 64 }, (_, i) => (7 - (i % 8)) * 30);
    expect(red({ ...whole(8, 8), flip: true })).toBeAllclose(mirrored, { atol: 1e-3 });
    const turned = Array.from({ length: 64 }, (_, i) => (7 - Math.floor(i / 8)) * 30);
    expect(red({ ...whole(8, 8), radians: Math.PI / 2 })).toBeAllclose(turned, { atol: 1e-3 });
  });

  it('shows the fill, and −1 in the mask, outside the photo', () => {
    const pixels = photo(20, 20, () => [0, 0, 0]);
    const warp: Warp = { window: { x: 0, y: 0, width: 20, height: 20 }, flip: false, radians: Math.PI / 4 };
    const { rgb, mask } = warpPhoto(buildPyramid(pixels), warp, 20, [10, 20, 30]);
    expect([rgb[0], rgb[400], rgb[800], mask[0]]).toEqual([10, 20, 30, -1]);
    expect([rgb[210], mask[210]]).toEqual([0, 0]);
  });

  it.each([2, 3.7, 8])('does not alias when it shrinks %f times', (shrink) => {
    const side = Math.round(32 * shrink);
    const checkered = photo(side, side, (x, y) => ((x + y) % 2 ? [255, 255, 255] : [0, 0, 0]));
    const { rgb } = warpPhoto(
      buildPyramid(checkered),
      { ...whole(side, side), radians: 0.1 },
      32,
      [127.5, 127.5, 127.5],
    );
    const worst = rgb.reduce((most, value) => Math.max(most, Math.abs(value - 127.5)), 0);
    expect(worst).toBeLessThan(26);
  });

  it.each<[string, Warp, number]>([
    ['shrinking', { window: { x: 7, y: 3, width: 130, height: 110 }, flip: false, radians: 0.15 }, 48],
    ['enlarging', { window: { x: 40, y: 30, width: 44, height: 52 }, flip: true, radians: -0.1 }, 96],
    ['upside down', { window: { x: 0, y: 0, width: 160, height: 120 }, flip: true, radians: 3 }, 64],
  ])('carries the mask exactly as the image, %s', (_, warp, size) => {
    const { pixels, mask } = ellipse(160, 120);
    const warped = warpPhoto(buildPyramid(pixels, mask), warp, size, [0, 0, 0]);
    let differ = 0;
    for (let i = 0; i < size * size; i++) {
      const value = warped.rgb[i]!;
      // Only a pixel on the edge, grey in the image, may be called either way.
      if (value > 250) expect(warped.mask[i]).toBe(255);
      if (value < 5) expect(warped.mask[i]).toBeLessThanOrEqual(0);
      if (value > 128 !== warped.mask[i]! > 0) differ++;
    }
    expect(differ).toBeLessThan(size);
    expect(warped.mask.filter((value) => value > 0).length).toBeGreaterThan(size * 4);
  });

  it('reads a mask that is smaller than its photo', () => {
    const mask = drawnMask('.#', '..');
    const warped = warpPhoto(
      buildPyramid(
        photo(8, 8, () => [0, 0, 0]),
        mask,
      ),
      whole(8, 8),
      4,
      GREY,
    );
    expect([...warped.mask].map((value) => (value > 0 ? '#' : '.')).join('')).toBe('..##..##........');
  });
});

describe('objectKept', () => {
  it('is the share of the object in the window', () => {
    const mask = drawnMask('..##', '..##', '....', '....');
    const pyramid = buildPyramid(
      photo(64, 64, () => [0, 0, 0]),
      mask,
    );
    const kept = (x: number, width: number) =>
      objectKept(pyramid, { window: { x, y: 0, width, height: 64 }, flip: false, radians: 0 });
    expect(kept(0, 64)).toBeCloseTo(1, 2);
    expect(kept(0, 48)).toBeCloseTo(0.5, 1);
    expect(kept(0, 32)).toBe(0);
    expect(
      objectKept(
        buildPyramid(
          photo(9, 9, () => [0, 0, 0]),
          drawnMask('.'),
        ),
        whole(9, 9),
      ),
    ).toBe(1);
  });
});
