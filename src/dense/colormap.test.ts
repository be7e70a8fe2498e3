import { describe, expect, it } from 'vitest';
import { applyColormap, COLORMAP_SIZE, colormapTable, sharedRange } from './colormap.ts';
import { oklchToRgb } from './oklch.ts';

/** CIE lightness L* of an 8-bit sRGB colour: an independent scale of perceived lightness. */
function lightness(rgb: ArrayLike<number>): number {
  const linear = Array.from(rgb, (value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

const colors = (name: 'sequential' | 'diverging') =>
  Array.from({ length: COLORMAP_SIZE }, (_, i) => colormapTable(name).subarray(3 * i, 3 * i + 3));

describe('colour maps', () => {
  it.each(['sequential', 'diverging'] as const)('%s grows evenly lighter', (name) => {
    const steps = colors(name).map(lightness);
    // 8-bit rounding may hold a single step back; eight steps always gain.
    for (let i = 8; i < steps.length; i++) expect(steps[i]! - steps[i - 8]!).toBeGreaterThan(0.9);
    const halves = [steps[127]! - steps[0]!, steps[255]! - steps[128]!];
    expect(Math.max(...halves) / Math.min(...halves)).toBeLessThan(1.6);
  });

  it('sequential goes from almost black to almost white', () => {
    const steps = colors('sequential').map(lightness);
    expect(steps[0]).toBeLessThan(8);
    expect(steps[255]).toBeGreaterThan(93);
  });

  it('diverging is grey in the middle, blue below, yellow above', () => {
    const [first, middle, last] = [0, 128, 255].map((i) => colors('diverging')[i]!);
    expect(Math.max(...middle!) - Math.min(...middle!)).toBeLessThan(4);
    expect(first![2]! - first![0]!).toBeGreaterThan(80);
    expect(last![0]! - last![2]!).toBeGreaterThan(80);
  });

  it('knows white, black and grey, and stays in sRGB at any chroma', () => {
    expect(oklchToRgb(1, 0, 0)).toEqual([255, 255, 255]);
    expect(oklchToRgb(0, 0, 0)).toEqual([0, 0, 0]);
    // sRGB red in OKLCH, published: 0.62796, 0.25768, 29.234°.
    expect(oklchToRgb(0.62796, 0.25768, 29.234)).toEqual([255, 0, 0]);
    const clipped = oklchToRgb(0.6, 0.9, 150);
    expect(Math.abs(lightness(clipped) - lightness(oklchToRgb(0.6, 0, 0)))).toBeLessThan(8);
  });
});

describe('applyColormap', () => {
  it('spans the scale, clamps past it, and leaves NaN transparent', () => {
    const table = colormapTable('sequential');
    const image = applyColormap(Float32Array.of(-1, 2, -5, 9, Number.NaN), -1, 2);
    expect([...image.subarray(0, 4)]).toEqual([...table.subarray(0, 3), 255]);
    expect([...image.subarray(4, 8)]).toEqual([...table.subarray(765, 768), 255]);
    expect(image.subarray(8, 12)).toEqual(image.subarray(0, 4));
    expect(image.subarray(12, 16)).toEqual(image.subarray(4, 8));
    expect([...image.subarray(16)]).toEqual([0, 0, 0, 0]);
  });

  it('shows the middle where the scale has no extent', () => {
    const middle = colormapTable('diverging').subarray(3 * 128, 3 * 128 + 3);
    expect([...applyColormap(Float32Array.of(3), 3, 3, 'diverging').subarray(0, 3)]).toEqual([...middle]);
  });
});

describe('sharedRange', () => {
  const maps = [Float32Array.of(0.2, Number.NaN, 0.5), Float32Array.of(-0.1, 0.4)];

  it('covers all maps, and is centred on request', () => {
    expect(sharedRange(maps)).toEqual({ low: Math.fround(-0.1), high: 0.5 });
    expect(sharedRange(maps, { symmetric: true })).toEqual({ low: -0.5, high: 0.5 });
  });

  it('is 0…1 without numbers', () => {
    expect(sharedRange([])).toEqual({ low: 0, high: 1 });
    expect(sharedRange([Float32Array.of(Number.NaN)])).toEqual({ low: 0, high: 1 });
  });
});
