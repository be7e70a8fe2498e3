import { describe, expect, it } from 'vitest';
import type { Mask, Pixels } from '../../images/types.ts';
import { makeCutout } from './cutout.ts';
import { CutPasteError } from './errors.ts';

/** A red square of 20 pixels at (30, 10) on green, 80×60. */
function redSquare(): { pixels: Pixels; mask: Mask } {
  const data = new Uint8ClampedArray(80 * 60 * 4);
  const mask = new Uint8Array(80 * 60);
  for (let i = 0; i < mask.length; i++) {
    const x = i % 80;
    const y = Math.floor(i / 80);
    const object = x >= 30 && x < 50 && y >= 10 && y < 30;
    mask[i] = object ? 255 : 0;
    data.set(object ? [220, 30, 20, 255] : [0, 255, 0, 255], i * 4);
  }
  return { pixels: { width: 80, height: 60, data }, mask: { width: 80, height: 60, data: mask } };
}

describe('makeCutout', () => {
  it('keeps the object’s box with a few pixels around, its colours carried on over the background', () => {
    const { pixels, mask } = redSquare();
    const cutout = makeCutout(pixels, mask, 'square.jpg', 400);
    expect([cutout.object.width, cutout.object.height]).toEqual([28, 28]);
    expect([cutout.width, cutout.height, cutout.centerX, cutout.centerY]).toEqual([20, 20, 14, 14]);
    expect(cutout.brightness).toBeCloseTo(0.299 * 220 + 0.587 * 30 + 0.114 * 20, 3);
    for (const level of cutout.object.levels) {
      for (let i = 0; i < level.data.length; i += 4)
        expect([...level.data.subarray(i, i + 3)]).toEqual([220, 30, 20]);
    }
    expect([cutout.depth[14 * 28 + 14], cutout.depth[14 * 28 + 4], cutout.depth[14 * 28]]).toEqual([
      9.5, 0.5, -3.5,
    ]);
  });

  it('reduces an object that is larger than needed', () => {
    const { pixels, mask } = redSquare();
    const cutout = makeCutout(pixels, mask, 'square.jpg', 14);
    expect([cutout.object.width, cutout.object.height, cutout.width, cutout.centerX]).toEqual([
      14, 14, 10, 7,
    ]);
    expect(cutout.object.levels[0]!.data[4 * (7 * 14 + 7)]).toBeGreaterThan(210);
  });

  it('takes a mask of another size than the photo', () => {
    const { pixels } = redSquare();
    const small: Mask = { width: 8, height: 6, data: new Uint8Array(48) };
    for (const at of [11, 12, 19, 20]) small.data[at] = 255;
    const cutout = makeCutout(pixels, small, 'square.jpg', 400);
    expect([cutout.width, cutout.height]).toEqual([20, 20]);
  });

  it('does not reach past the photo', () => {
    const { pixels, mask } = redSquare();
    for (let y = 0; y < 60; y++) mask.data.fill(y < 30 ? 255 : 0, y * 80, y * 80 + 80);
    const { object, height } = makeCutout(pixels, mask, 'top.jpg', 400);
    expect([object.width, object.height, height]).toEqual([80, 34, 30]);
  });

  it('names the photo whose mask is empty or whole, and says what to do', () => {
    const { pixels, mask } = redSquare();
    const filled = (value: number) => ({ ...mask, data: new Uint8Array(4800).fill(value) });
    expect(() => makeCutout(pixels, filled(0), 'biscuit.jpg', 400)).toThrow(CutPasteError);
    expect(() => makeCutout(pixels, filled(0), 'biscuit.jpg', 400)).toThrow(
      /biscuit\.jpg: its mask is empty.*Click/,
    );
    expect(() => makeCutout(pixels, filled(255), 'biscuit.jpg', 400)).toThrow(
      /biscuit\.jpg: its mask covers the whole photo.*eraser/,
    );
  });

  it('refuses an object that vanishes when reduced', () => {
    const { pixels, mask } = redSquare();
    mask.data.fill(0);
    mask.data[0] = mask.data[4799] = 255;
    expect(() => makeCutout(pixels, mask, 'dots.jpg', 8)).toThrow(
      /dots\.jpg: its mask is nothing but specks.*8×6.*brush/,
    );
  });
});
