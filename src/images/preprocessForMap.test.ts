import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ImageSizeError } from './errors.ts';
import { cutPadding, cutPaddingValues, patchAt, patchRect } from './geometry.ts';
import { maskToPatches, patchesToPhoto } from './patches.ts';
import type { PreprocessConfig } from './preprocessConfig.ts';
import { type MapTarget, preprocessForMap } from './preprocessForMap.ts';
import { floatsOf, pattern } from './testing.ts';
import type { Mask } from './types.ts';

const config: PreprocessConfig = {
  resizeShortestEdge: 18,
  resample: 'bilinear',
  cropHeight: 16,
  cropWidth: 16,
  rescaleFactor: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
const golden: {
  pad: { width: number; height: number; through: number; size: number; data: string }[];
  upsample: { grid: number; patch: number; width: number; height: number; map: string; data: string };
} = JSON.parse(readFileSync(new URL('./testdata/maps.json', import.meta.url), 'utf8'));

const geometryOf = (width: number, height: number, patchSize: number, target: MapTarget) =>
  preprocessForMap(pattern(width, height), patchSize, target, config).geometry;

function maskWhere(width: number, height: number, inside: (x: number, y: number) => boolean): Mask {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    inside((i % width) + 0.5, Math.floor(i / width) + 0.5) ? 255 : 0,
  );
  return { width, height, data };
}

describe('preprocessForMap', () => {
  it.each(golden.pad)('pads as SAM: $width×$height through $through to $size', (want) => {
    const { through, size } = want;
    const input = preprocessForMap(
      pattern(want.width, want.height),
      4,
      { mode: 'pad', size, through },
      config,
    );
    // torch finds the sampling positions in float32.
    expect(input.values).toBeAllclose(floatsOf(want.data), { atol: 1e-5, rtol: 0 });
    expect(input.geometry.columns * input.geometry.patchSize).toBe(through);
    expect(input.geometry.columns).toBe(size / 4);
  });

  it('fits whole patches to whole photos', () => {
    const input = preprocessForMap(pattern(64, 39), 4, { mode: 'fit', size: 32 }, config);
    expect([input.width, input.height]).toEqual([32, 20]);
    expect(input.values.length).toBe(3 * 32 * 20);
    expect(input.geometry).toMatchObject({ columns: 8, rows: 5, resizedWidth: 32, resizedHeight: 20 });
    expect(geometryOf(3000, 10, 4, { mode: 'fit', size: 32 })).toMatchObject({ columns: 8, rows: 1 });
  });

  it('crops in the proportion of the configuration', () => {
    const geometry = geometryOf(60, 36, 4, { mode: 'crop', size: 32 });
    expect(geometry).toMatchObject({ columns: 8, rows: 8, resizedHeight: 36, resizedWidth: 60 });
    expect([geometry.originX, geometry.originY]).toEqual([-14, -2]);
  });

  it('refuses a size that is no multiple of the patch', () => {
    expect(() => geometryOf(20, 20, 14, { mode: 'squash', size: 100 })).toThrow(ImageSizeError);
  });
});

describe('geometry', () => {
  const targets: MapTarget[] = [
    { mode: 'fit', size: 32 },
    { mode: 'pad', size: 32 },
    { mode: 'pad', size: 32, through: 40 },
    { mode: 'squash', size: 32 },
    { mode: 'crop', size: 32 },
  ];

  it.each(targets)('finds each cell again from the middle of its rectangle: $mode', (target) => {
    const geometry = geometryOf(61, 43, 4, target);
    let found = 0;
    for (let i = 0; i < geometry.columns * geometry.rows; i++) {
      const { x, y, width, height } = patchRect(geometry, i);
      const inside = x + width / 2 < 61 && y + height / 2 < 43;
      expect(patchAt(geometry, x + width / 2, y + height / 2)).toBe(inside ? i : null);
      if (inside) found++;
    }
    expect(found).toBeGreaterThan(30);
  });

  it('answers null outside the photo and outside a crop', () => {
    const geometry = geometryOf(60, 36, 4, { mode: 'crop', size: 32 });
    expect(patchAt(geometry, 13.9, 18)).toBeNull();
    expect(patchAt(geometry, 14.1, 18)).toBe(4 * 8);
    expect(patchAt(geometry, 46.1, 18)).toBeNull();
    expect(patchAt(geometry, -1, 18)).toBeNull();
    expect(patchAt(geometry, Number.NaN, 18)).toBeNull();
  });

  it('cuts cells that hold only padding', () => {
    const geometry = geometryOf(64, 40, 4, { mode: 'pad', size: 32 });
    const cut = cutPadding(geometry);
    expect([cut.columns, cut.rows]).toEqual([8, 5]);
    const values = Float32Array.from({ length: 8 * 8 * 2 }, (_, i) => i);
    expect([...cutPaddingValues(values, geometry, 2)]).toEqual(Array.from({ length: 80 }, (_, i) => i));
    const tall = geometryOf(40, 64, 4, { mode: 'pad', size: 32 });
    expect([...cutPaddingValues(values.subarray(64), tall)].slice(0, 7)).toEqual([
      64, 65, 66, 67, 68, 72, 73,
    ]);
    expect(() => cutPaddingValues(values, geometry)).toThrow('8×8 cells');
  });
});

describe('maskToPatches', () => {
  it('is the exact share of each cell', () => {
    // 30×20 photo squashed to 8×8: cells of 4 frame pixels are 15×10 photo pixels.
    const geometry = geometryOf(30, 20, 4, { mode: 'squash', size: 8 });
    const mask = maskWhere(30, 20, (x, y) => x < 18 && y > 7);
    expect(maskToPatches(mask, geometry)).toBeAllclose([0.3, (0.3 * 3) / 15, 1, 3 / 15], { atol: 1e-7 });
  });

  it('integrates fractional pixels', () => {
    // 5 mask pixels over 2 cells: the middle pixel counts half in each.
    const geometry = geometryOf(10, 10, 4, { mode: 'squash', size: 8 });
    const middle = maskWhere(5, 5, (x) => Math.floor(x) === 2);
    expect(maskToPatches(middle, geometry)).toBeAllclose([0.2, 0.2, 0.2, 0.2], { atol: 1e-7 });
  });

  it('counts padding as background and drops what a crop cuts off', () => {
    const full = maskWhere(64, 36, () => true);
    const padded = maskToPatches(full, geometryOf(64, 36, 4, { mode: 'pad', size: 32 }));
    expect([...padded.slice(3 * 8, 6 * 8)].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([
      ...Array(8).fill(1),
      ...Array(8).fill(0.5),
      ...Array(8).fill(0),
    ]);
    const left = maskWhere(60, 36, (x) => x < 14);
    expect(maskToPatches(left, geometryOf(60, 36, 4, { mode: 'crop', size: 32 })).every((v) => v === 0)).toBe(
      true,
    );
  });

  it('does not depend on the resolution of the mask', () => {
    const geometry = geometryOf(60, 40, 4, { mode: 'fit', size: 32 });
    const coarse = maskWhere(30, 20, (x, y) => x > 10 && y < 15);
    const fine = maskWhere(120, 80, (x, y) => x > 40 && y < 60);
    expect(maskToPatches(coarse, geometry)).toBeAllclose(maskToPatches(fine, geometry), { atol: 1e-6 });
  });

  it('keeps the total area', () => {
    const geometry = geometryOf(61, 61, 4, { mode: 'squash', size: 32 });
    const mask = maskWhere(61, 61, (x, y) => (x - 30) ** 2 + (y - 25) ** 2 < 200);
    const share = mask.data.filter((v) => v > 0).length / (61 * 61);
    const mean = maskToPatches(mask, geometry).reduce((sum, v) => sum + v, 0) / 64;
    expect(mean).toBeCloseTo(share, 6);
  });
});

describe('patchesToPhoto', () => {
  it('equals SAM post-processing in torch', () => {
    const { grid, patch, width, height, map, data } = golden.upsample;
    const geometry = geometryOf(width, height, patch, { mode: 'pad', size: grid * patch });
    const got = patchesToPhoto(floatsOf(map), geometry, width, height);
    expect(got).toBeAllclose(floatsOf(data), { atol: 2e-6, rtol: 0 });
  });

  it('is NaN where a crop left the photo out, and nowhere else', () => {
    const geometry = geometryOf(60, 36, 4, { mode: 'crop', size: 32 });
    const map = patchesToPhoto(new Float32Array(64).fill(2), geometry, 60, 36);
    for (let i = 0; i < map.length; i++) {
      const [x, y] = [i % 60, Math.floor(i / 60)];
      const inside = x >= 14 && x < 46 && y >= 2 && y < 34;
      expect(map[i]).toBe(inside ? 2 : Number.NaN);
    }
  });

  it('carries a mask to the grid and back to where it was', () => {
    for (const mode of ['fit', 'pad', 'squash'] as const) {
      const geometry = geometryOf(96, 64, 4, { mode, size: 64 });
      const mask = maskWhere(96, 64, (x, y) => (x - 60) ** 2 + (y - 30) ** 2 < 18 ** 2);
      const back = patchesToPhoto(maskToPatches(mask, geometry), geometry, 96, 64);
      const wrong = back.reduce((sum, v, i) => sum + Number(v > 0.5 !== mask.data[i]! > 0), 0);
      expect(wrong / (Math.PI * 18 ** 2), mode).toBeLessThan(0.06);
    }
  });

  it('refuses a map of another size', () => {
    expect(() =>
      patchesToPhoto(new Float32Array(3), geometryOf(8, 8, 4, { mode: 'fit', size: 8 }), 8, 8),
    ).toThrow('2×2 cells');
  });
});
