import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawing, drawnMask } from '../images/testing.ts';
import { cleanUp, minMaxNormalize, otsuForeground, otsuMask } from './cleanup.ts';
import { removeSmallComponents } from './components.ts';
import { DenseInputError } from './errors.ts';
import { dilate, erode } from './morphology.ts';
import { area, readNpy, rowSums, transpose } from './testing.ts';

const golden: {
  map: string;
  otsu: number;
  foreground: number;
  after_small: number;
  after_closing: number;
  final: number;
  final_rows_sum: number[];
  final_cols_sum: number[];
}[] = JSON.parse(readFileSync(new URL('./testdata/otsu.json', import.meta.url), 'utf8'));

describe('the clean-up of method §3.4', () => {
  it.each(golden)('equals scikit-image on $map at every stage', (want) => {
    const { shape, values } = readNpy(want.map);
    const [height, width] = shape as [number, number];
    const { mask, threshold } = otsuForeground(values, width, height);
    expect(threshold).toBe(want.otsu);
    expect(area(mask)).toBe(want.foreground);
    expect(area(removeSmallComponents(mask, 100))).toBe(want.after_small);
    const cleaned = cleanUp(mask);
    expect(area(cleaned)).toBe(want.after_closing);
    // The reference dilates and erodes once more.
    const final = erode(dilate(cleaned));
    expect(final).toEqual(cleaned);
    expect(rowSums(final)).toEqual(want.final_rows_sum);
    expect(rowSums(transpose(final))).toEqual(want.final_cols_sum);
    expect(otsuMask(values, width, height)).toEqual({ mask: cleaned, threshold });
  });

  it('does not depend on the scale of the map', () => {
    const { values } = readNpy('map1.npy');
    const stretched = values.map((value) => value * 8 - 4);
    expect(otsuMask(stretched, 120, 96).mask).toEqual(otsuMask(values, 120, 96).mask);
  });

  it('is empty for a constant map', () => {
    expect(area(otsuMask(new Float32Array(400).fill(0.7), 20, 20).mask)).toBe(0);
  });

  it('never calls NaN foreground, and ignores it for the threshold', () => {
    const { values } = readNpy('map2.npy');
    const half = values.slice(0, 120 * 48);
    const padded = new Float32Array(values.length).fill(Number.NaN);
    padded.set(half);
    const want = otsuForeground(half, 120, 48);
    const got = otsuForeground(padded, 120, 96);
    expect(got.threshold).toBe(want.threshold);
    expect(area(got.mask)).toBe(area(want.mask));
  });

  it('keeps components of at least the smallest size', () => {
    const mask = drawnMask('.......', '.##....', '.##..#.', '.......');
    expect(drawing(cleanUp(mask, 4))).toEqual(['.......', '.##....', '.##....', '.......']);
    expect(drawing(cleanUp(mask, 1))).toEqual(drawing(mask));
    expect(area(cleanUp(mask, 5))).toBe(0);
  });

  it('refuses maps of another size or without numbers', () => {
    expect(() => otsuMask(new Float32Array(5), 2, 2)).toThrow(DenseInputError);
    expect(() => minMaxNormalize(new Float32Array(4).fill(Number.NaN))).toThrow(DenseInputError);
  });
});
