import { describe, expect, it } from 'vitest';
import type { GemmProblem } from '../../families/matrix.ts';
import { chooseTile, splitK } from './plan.ts';
import { TILES, tileThreads } from './tiles.ts';

/** x·W with x [m, k] and W [k, n], dense. */
function problemOf(m: number, n: number, k: number): GemmProblem {
  return {
    ...{ m, n, k, batch: 1, transposeA: false, transposeB: false },
    ...{ lda: k, ldb: n, ldc: n, strideA: 0, strideB: 0, strideC: 0 },
  };
}

describe('chooseTile', () => {
  it('takes the tile measured fastest when a product fills the adapter with any', () => {
    const problem = problemOf(65_536, 4096, 768);
    expect(chooseTile(problem, { large: 9, medium: 5, compact: 7 })).toBe(TILES.large);
    expect(chooseTile(problem, { large: 4, medium: 5, compact: 7 })).toBe(TILES.compact);
  });

  it('takes smaller tiles when large ones would leave the adapter idle', () => {
    const rates = { large: 1, medium: 0.65 };
    expect(chooseTile(problemOf(512, 384, 1024), rates)).toBe(TILES.medium);
    expect(chooseTile(problemOf(512, 384, 1024), { large: 1 })).toBe(TILES.large);
  });

  it('takes the smallest for products that are short along K and small, whole', () => {
    for (const problem of [problemOf(512, 288, 288), problemOf(8, 384, 96), problemOf(2048, 192, 192)])
      expect(chooseTile(problem, { compact: 1, medium: 0.65 })).toBe(TILES.small);
    expect(chooseTile(problemOf(12_336, 1152, 384), { compact: 1 })).toBe(TILES.compact);
  });

  it('counts what a tile computes beyond the edge', () => {
    expect(chooseTile(problemOf(100_000, 64, 768), { large: 1, tall: 0.9 })).toBe(TILES.tall);
  });

  it('has shapes for products that are small one way', () => {
    expect(chooseTile(problemOf(12_336, 16, 384), {})).toBe(TILES.narrow);
    expect(chooseTile(problemOf(16, 384, 12_336), {})).toBe(TILES.flat);
    expect(chooseTile(problemOf(24, 384, 4096), {})).toBe(TILES.small);
  });
});

describe('tiles', () => {
  it('fit the limits every adapter has', () => {
    for (const tile of Object.values(TILES)) {
      expect(tileThreads(tile)).toBeLessThanOrEqual(256);
      expect(tileThreads(tile) % 32).toBe(0);
      expect(4 * tile.bk * (tile.bm + tile.bn)).toBeLessThanOrEqual(16_384);
    }
  });
});

describe('splitK', () => {
  it('covers K in whole steps', () => {
    const { splits, kPerSplit } = splitK(problemOf(16, 384, 12_336), 64, 16);
    expect(kPerSplit % 16).toBe(0);
    expect(splits * kPerSplit).toBeGreaterThanOrEqual(12_336);
    expect((splits - 1) * kPerSplit).toBeLessThan(12_336);
    expect(splits).toBeGreaterThan(50);
  });

  it('leaves short products whole, and those whose result is not dense or too large to hold in parts', () => {
    const whole = (problem: GemmProblem) => splitK(problem, 64, 16).splits;
    expect(whole(problemOf(16, 384, 192))).toBe(1);
    expect(whole({ ...problemOf(16, 384, 12_336), ldc: 1152 })).toBe(1);
    expect(whole(problemOf(8192, 4096, 4096))).toBe(1);
  });
});
