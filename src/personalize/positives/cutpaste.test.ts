import { describe, expect, it } from 'vitest';
import type { Mask, Pixels } from '../../images/types.ts';
import { Philox } from '../../random/philox.ts';
import { type Cutout, makeCutout } from './cutout.ts';
import { paste } from './cutpaste.ts';
import { drawPlacement, type Placement, turnedSize } from './placement.ts';
import { CUT_PASTE, type CutPasteSettings } from './settings.ts';

const SIZE = 64;
const SHARP: CutPasteSettings = { ...CUT_PASTE, feather: 0, erode: 0, matchBrightness: 0 };

function flat(width: number, height: number, color: [number, number, number]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < data.length; i += 4) data.set([...color, 255], i);
  return { width, height, data };
}

/** An L: 40 high, 20 wide, its foot to the right; white on green in a photo of 100×80. */
function letter(): { pixels: Pixels; mask: Mask } {
  const pixels = flat(100, 80, [0, 255, 0]);
  const mask: Mask = { width: 100, height: 80, data: new Uint8Array(8000) };
  for (let y = 20; y < 60; y++) {
    for (let x = 30; x < 50; x++) {
      if (x >= 40 && y < 50) continue;
      mask.data[y * 100 + x] = 255;
      pixels.data.set([240, 240, 240, 255], (y * 100 + x) * 4);
    }
  }
  return { pixels, mask };
}

const { pixels, mask } = letter();
const cutout: Cutout = makeCutout(pixels, mask, 'letter.png', 400);
const background = flat(SIZE, SIZE, [20, 60, 100]);
const middle: Placement = { x: 32, y: 32, scale: 1, radians: 0, flip: false };
const object = (m: Mask, x: number, y: number) => m.data[y * SIZE + x]! > 0;
const area = (m: Mask) => m.data.filter((value) => value > 0).length;

describe('paste', () => {
  it('puts the object’s box at the place, pixel for pixel at scale 1 without feather', () => {
    const { pixels: image, mask: pasted } = paste(cutout, background, middle, SHARP);
    expect(area(pasted)).toBe(400 + 100);
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        const expected = mask.data[(y - 12 + 20) * 100 + x - 22 + 30]! > 0 && x >= 2 && y >= 2;
        expect(object(pasted, x, y)).toBe(expected);
        expect(image.data[(y * SIZE + x) * 4]).toBe(expected ? 240 : 20);
      }
    }
    expect(background.data[4 * (32 * SIZE + 25)]).toBe(20);
  });

  it('mirrors, turns clockwise and scales image and mask alike', () => {
    const flipped = paste(cutout, background, { ...middle, flip: true }, SHARP).mask;
    expect([object(flipped, 24, 50), object(flipped, 40, 20), object(flipped, 24, 20)]).toEqual([
      true,
      true,
      false,
    ]);
    // A quarter turn clockwise: the stem lies along the top, the foot points down on the left.
    const turned = paste(cutout, background, { ...middle, radians: Math.PI / 2 }, SHARP).mask;
    expect([object(turned, 16, 38), object(turned, 48, 26), object(turned, 48, 38)]).toEqual([
      true,
      true,
      false,
    ]);
    for (const scale of [0.5, 0.8, 1.4]) {
      const scaled = paste(cutout, background, { ...middle, scale, radians: 0.3 }, SHARP);
      expect(area(scaled.mask) / (500 * scale * scale)).toBeGreaterThan(0.9);
      expect(area(scaled.mask) / (500 * scale * scale)).toBeLessThan(1.1);
      const lit = scaled.pixels.data.filter((value, i) => i % 4 === 0 && value > 130).length;
      expect(Math.abs(lit - area(scaled.mask))).toBeLessThan(12);
    }
  });

  it('shows nothing of the old background, however soft the edge', () => {
    const soft = { ...SHARP, feather: 4 };
    for (const scale of [0.35, 1, 1.5]) {
      const { data } = paste(cutout, background, { ...middle, scale, radians: 0.2 }, soft).pixels;
      // Mixtures of the object and the new background alone: along the line between the two colours.
      for (let i = 0; i < data.length; i += 4) {
        const share = (data[i]! - 20) / 220;
        expect(Math.abs(data[i + 1]! - (60 + 180 * share))).toBeLessThan(3);
        expect(Math.abs(data[i + 2]! - (100 + 140 * share))).toBeLessThan(3);
      }
    }
  });

  it('bounds the feather: opaque further in, untouched further out, monotone between', () => {
    const feather = 6;
    const row = (erode: number) => {
      const { data } = paste(cutout, background, middle, { ...SHARP, feather, erode }).pixels;
      // This row crosses the stem, columns 22 to 31.
      return Array.from({ length: SIZE }, (_, x) => (data[(26 * SIZE + x) * 4]! - 20) / 220);
    };
    const soft = row(0);
    expect(soft.slice(0, 22 - feather / 2 - 1).every((opacity) => opacity === 0)).toBe(true);
    expect(soft.slice(32 + feather / 2 + 1).every((opacity) => opacity === 0)).toBe(true);
    expect([soft[26], soft[27]]).toEqual([1, 1]);
    for (let x = 18; x < 26; x++) expect(soft[x + 1]!).toBeGreaterThanOrEqual(soft[x]!);
    // At the edge of the mask half of both shows; erosion moves that inward by as much.
    expect((soft[21]! + soft[22]!) / 2).toBeCloseTo(0.5, 1);
    const eroded = row(2);
    expect((eroded[23]! + eroded[24]!) / 2).toBeCloseTo(0.5, 1);
    expect(eroded.slice(0, 22 - 1).every((opacity) => opacity === 0)).toBe(true);
  });

  it('erodes the mask too', () => {
    const whole = area(paste(cutout, background, middle, SHARP).mask);
    expect(area(paste(cutout, background, middle, { ...SHARP, erode: 1 }).mask)).toBeLessThan(whole - 80);
  });

  it('pulls the brightness towards the background, within a third', () => {
    const red = (matchBrightness: number) =>
      paste(cutout, background, middle, { ...SHARP, matchBrightness }).pixels.data[4 * (32 * SIZE + 26)]!;
    expect(red(0)).toBe(240);
    expect(red(0.2)).toBeLessThan(215);
    expect(red(1)).toBe(160);
  });

  it('lets the object lie partly or wholly outside', () => {
    expect(area(paste(cutout, background, { ...middle, x: 0 }, SHARP).mask)).toBeLessThan(300);
    expect(paste(cutout, background, { ...middle, x: -90 }, SHARP).pixels.data).toEqual(background.data);
  });
});

describe('drawPlacement', () => {
  it('keeps size, rotation, flips and place within the settings, and reaches their ends', () => {
    const random = new Philox(3);
    const settings = { ...CUT_PASTE, outside: 0.2 };
    const placements = Array.from({ length: 2000 }, () => drawPlacement(cutout, 200, settings, random));
    const heights = placements.map((placement) => turnedSize(cutout, placement).height / 200);
    expect(Math.min(...heights)).toBeGreaterThan(0.299);
    expect(Math.min(...heights)).toBeLessThan(0.31);
    expect(Math.max(...heights)).toBeLessThan(0.851);
    expect(Math.max(...heights)).toBeGreaterThan(0.84);
    const degrees = placements.map(({ radians }) => (radians * 180) / Math.PI);
    expect(Math.max(...degrees.map(Math.abs))).toBeLessThanOrEqual(20);
    expect(placements.filter(({ flip }) => flip).length / 2000).toBeCloseTo(0.5, 1);
    const left = placements.map(
      (placement) => turnedSize(cutout, placement).width / 2 - placement.x, // pixels past the left side
    );
    const shares = left.map((pixels, i) => pixels / turnedSize(cutout, placements[i]!).width);
    expect(Math.max(...shares)).toBeLessThan(0.2001);
    expect(Math.max(...shares)).toBeGreaterThan(0.15);
  });

  it('makes a very wide object no wider than the frame', () => {
    const random = new Philox(3);
    for (let i = 0; i < 100; i++) {
      const wide = { width: 300, height: 30 };
      expect(turnedSize(wide, drawPlacement(wide, 200, CUT_PASTE, random)).width).toBeLessThan(200.001);
    }
  });
});

describe('Cut/Paste settings', () => {
  it('survive JSON', () => {
    expect(JSON.parse(JSON.stringify(CUT_PASTE))).toEqual(CUT_PASTE);
  });
});
