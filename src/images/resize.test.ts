import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ImageSizeError } from './errors.ts';
import type { ResampleFilter } from './resample.ts';
import { resizeMask, resizePixels } from './resize.ts';
import { resize8 } from './resize8.ts';
import { resizeFloat } from './resizeFloat.ts';
import { bytesOf, drawing, drawnMask, floatsOf, pattern } from './testing.ts';
import type { Pixels } from './types.ts';

interface ResizeGolden {
  width: number;
  height: number;
  cases: {
    mode: 'RGB' | 'RGBA' | 'L' | 'F';
    filter: ResampleFilter;
    width: number;
    height: number;
    data: string;
  }[];
}

const golden: ResizeGolden = JSON.parse(
  readFileSync(new URL('./testdata/resize.json', import.meta.url), 'utf8'),
);
const { width, height } = golden;
const channel = (pixels: Pixels, c: number): Uint8Array =>
  Uint8Array.from({ length: pixels.width * pixels.height }, (_, i) => pixels.data[4 * i + c]!);
const casesOf = (wanted: string) => golden.cases.filter(({ mode }) => mode === wanted);

describe('resizing as Pillow', () => {
  it.each(casesOf('RGB'))('RGB $filter to $width×$height, bit for bit', (want) => {
    const got = resizePixels(pattern(width, height), want.width, want.height, want.filter);
    const expected = bytesOf(want.data);
    expect(got.data.filter((_, i) => i % 4 < 3)).toEqual(new Uint8ClampedArray(expected));
    expect(channel(got, 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it.each(casesOf('RGBA'))('RGBA $filter to $width×$height, bit for bit', (want) => {
    const got = resizePixels(pattern(width, height, { opaque: false }), want.width, want.height, want.filter);
    expect(got.data).toEqual(new Uint8ClampedArray(bytesOf(want.data)));
  });

  it.each(casesOf('L'))('L $filter to $width×$height, bit for bit', (want) => {
    const gray = channel(pattern(width, height), 1);
    const got = resize8(gray, width, height, 1, want.width, want.height, want.filter);
    expect(got).toEqual(new Uint8ClampedArray(bytesOf(want.data)));
  });

  it.each(casesOf('F'))('F $filter to $width×$height, to float32', (want) => {
    const plane = Float32Array.from(channel(pattern(width, height), 0), (v) => Math.fround(v / 7) - 11);
    const got = resizeFloat(plane, width, height, want.width, want.height, want.filter);
    expect(got).toBeAllclose(floatsOf(want.data), { atol: 2e-6, rtol: 1e-6 });
  });
});

describe('properties of resizing', () => {
  it('keeps a constant image', () => {
    const data = new Uint8ClampedArray(19 * 23 * 4).fill(201);
    for (let i = 3; i < data.length; i += 4) data[i] = 255;
    const { data: resized } = resizePixels({ width: 19, height: 23, data }, 7, 40, 'bicubic');
    expect(new Set(resized.filter((_, i) => i % 4 < 3))).toEqual(new Set([201]));
  });

  it('commutes with mirroring', () => {
    const mirror = ({ width: w, height: h, data }: Pixels): Pixels => ({
      width: w,
      height: h,
      data: data.map(
        (_, i) => data[(Math.floor(i / 4 / w) * w + (w - 1 - (Math.floor(i / 4) % w))) * 4 + (i % 4)]!,
      ),
    });
    const photo = pattern(width, height);
    expect(resizePixels(mirror(photo), 9, 30)).toEqual(mirror(resizePixels(photo, 9, 30)));
  });

  it('copies at the same size', () => {
    const photo = pattern(6, 5);
    const copy = resizePixels(photo, 6, 5);
    expect(copy).toEqual(photo);
    expect(copy.data).not.toBe(photo.data);
  });

  it('does not let hidden colours bleed', () => {
    // Left half opaque red, right half transparent green: no green may appear.
    const data = new Uint8ClampedArray(8 * 4);
    for (let x = 0; x < 8; x++) data.set(x < 4 ? [255, 0, 0, 255] : [0, 255, 0, 0], 4 * x);
    const shrunk = resizePixels({ width: 8, height: 1, data }, 3, 1, 'bilinear');
    expect(channel(shrunk, 1)).toEqual(new Uint8Array(3));
  });

  it('refuses impossible sizes by name', () => {
    expect(() => resizePixels(pattern(4, 4), 0, 3)).toThrow(ImageSizeError);
    expect(() => resizePixels(pattern(4, 4), 2.5, 3)).toThrow('2.5×3');
    expect(() => resize8(new Uint8Array(11), 4, 3, 1, 2, 2, 'bicubic')).toThrow('holds 11 numbers');
  });
});

describe('resizeMask', () => {
  it('keeps pixels that are at least half object, and treats any value above 0 as object', () => {
    const mask = drawnMask('####....', '####....', '#......#', '........');
    for (let i = 0; i < mask.data.length; i++) mask.data[i] = mask.data[i]! > 0 ? 3 : 0;
    expect(drawing(resizeMask(mask, 4, 2))).toEqual(['##..', '....']);
    expect(drawing(resizeMask(resizeMask(mask, 32, 16), 8, 4))[0]).toBe('####....');
  });
});
