import { describe, expect, it } from 'vitest';
import type { PatchGeometry } from '../../images/geometry.ts';
import { drawnMask } from '../../images/testing.ts';
import type { Pixels } from '../../images/types.ts';
import { rotateTokens } from '../testing.ts';
import { colorBins, colorLogOdds } from './colorOdds.ts';
import { colorEdges, outlineContrast } from './edges.ts';
import { clickEvidence } from './evidence.ts';
import { affinities, randomWalk } from './randomWalk.ts';

/** An image of grey levels, one string a row, a digit (×25) a pixel. */
function gray(...rows: string[]): Pixels {
  const data = new Uint8ClampedArray(4 * rows.join('').length).fill(255);
  [...rows.join('')].forEach((digit, i) => {
    data.fill(Number(digit) * 25, 4 * i, 4 * i + 3);
  });
  return { width: rows[0]!.length, height: rows.length, data };
}

describe('edges', () => {
  const edges = colorEdges(gray('004', '004'));

  it('are squared colour distances to the right and below', () => {
    expect([...edges.right]).toEqual([0, 3e4, 0, 0, 3e4, 0]);
    expect([...edges.down]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(edges.mean).toBeCloseTo(6e4 / 7, 2);
  });

  it('under an outline stand out when it follows them', () => {
    expect(outlineContrast(drawnMask('..#', '..#'), edges)).toBeCloseTo(7 / 2, 6);
    expect(outlineContrast(drawnMask('.##', '.##'), edges)).toBe(0);
    expect(outlineContrast(drawnMask('.##', '..#'), edges)).toBeCloseTo(7 / 2 / 3, 6);
    expect(outlineContrast(drawnMask('...', '...'), edges)).toBe(0);
    expect(outlineContrast(drawnMask('#..', '...'), colorEdges(gray('000', '000')))).toBe(0);
  });
});

describe('randomWalk', () => {
  const image = gray('0000099999', '0000099999', '0000099999', '0000099999');
  const grid = affinities(colorEdges(image));

  it('solves (B + L)x = Bp', () => {
    const prior = Float32Array.from({ length: 40 }, (_, i) => 0.5 + 0.5 * Math.sin(i * i));
    const belief = Float32Array.from({ length: 40 }, (_, i) => 1 + (i % 3));
    const x = randomWalk(grid, prior, belief);
    for (let i = 0; i < 40; i++) {
      let left = belief[i]! * x[i]!;
      if (i % 10 < 9) left += grid.right[i]! * (x[i]! - x[i + 1]!);
      if (i % 10 > 0) left += grid.right[i - 1]! * (x[i]! - x[i - 1]!);
      if (i < 30) left += grid.down[i]! * (x[i]! - x[i + 10]!);
      if (i >= 10) left += grid.down[i - 10]! * (x[i]! - x[i - 10]!);
      expect(left).toBeCloseTo(belief[i]! * prior[i]!, 2);
    }
  });

  it('keeps a constant prior, and stays within its range', () => {
    expect(randomWalk(grid, new Float32Array(40).fill(0.3), new Float32Array(40).fill(1))).toBeAllclose(
      new Float32Array(40).fill(0.3),
      { atol: 1e-4 },
    );
    const prior = Float32Array.from({ length: 40 }, (_, i) => Number(i % 7 === 0));
    const x = randomWalk(grid, prior, new Float32Array(40).fill(1));
    expect(Math.min(...x)).toBeGreaterThan(-1e-3);
    expect(Math.max(...x)).toBeLessThan(1 + 1e-3);
  });

  it('spreads what is known up to the colour edge and no further', () => {
    const prior = new Float32Array(40).fill(0.5);
    const belief = new Float32Array(40).fill(0.01);
    prior[11] = 1;
    belief[11] = 50;
    prior[18] = 0;
    belief[18] = 50;
    const x = randomWalk(grid, prior, belief);
    for (let i = 0; i < 40; i++) expect(x[i]! > 0.5, `pixel ${i}`).toBe(i % 10 < 5);
  });
});

describe('colours', () => {
  it('speak for the side they are on, by the logarithm of shares', () => {
    const bins = colorBins(gray('0009', '0999'));
    const odds = colorLogOdds(bins, Float32Array.of(1, 1, 1, 0, 0, 0, 0, 0));
    const floor = 0.1 / 512;
    expect(odds[0]).toBeCloseTo(Math.log((1 + floor) / (1 / 5 + floor)), 5);
    expect(odds[4]).toBe(odds[0]);
    expect(odds[3]).toBe(-4);
  });

  it('say nothing without an object', () => {
    const odds = colorLogOdds(colorBins(gray('0123')), new Float32Array(4).fill(0.5));
    expect(odds).toBeAllclose([0, 0, 0, 0]);
  });
});

describe('clickEvidence', () => {
  const geometry: PatchGeometry = {
    photoWidth: 80,
    photoHeight: 60,
    patchSize: 10,
    columns: 8,
    rows: 6,
    resizedWidth: 80,
    resizedHeight: 60,
    originX: 0,
    originY: 0,
  };
  const isThing = (patch: number) => patch % 8 >= 2 && patch % 8 < 5 && patch >= 16 && patch < 32;
  const tokens = Float32Array.from({ length: 48 * 8 }, (_, at) => {
    const [patch, d] = [Math.floor(at / 8), at % 8];
    return (isThing(patch) ? Math.sin(d) : Math.cos(3 * d)) + 0.3 * Math.sin(at * at);
  });
  const click = { x: 33, y: 28, positive: true };

  it('is high on the thing and low elsewhere, at zero mean and unit deviation', () => {
    const evidence = clickEvidence(tokens, 8, geometry, [click]);
    evidence.forEach((value, patch) => {
      expect(value > 0.8, `patch ${patch}: ${value}`).toBe(isThing(patch));
    });
    expect(evidence.reduce((sum, value) => sum + value, 0) / 48).toBeCloseTo(0, 5);
    expect(evidence.reduce((sum, value) => sum + value ** 2, 0) / 48).toBeCloseTo(1, 4);
  });

  it('stays the same when feature space is rotated', () => {
    expect(clickEvidence(rotateTokens(tokens, 8), 8, geometry, [click])).toBeAllclose(
      clickEvidence(tokens, 8, geometry, [click]),
      { atol: 1e-4 },
    );
  });

  it('falls where "not this" was clicked', () => {
    const before = clickEvidence(tokens, 8, geometry, [click]);
    const after = clickEvidence(tokens, 8, geometry, [click, { x: 65, y: 45, positive: false }]);
    expect(after[4 * 8 + 6]!).toBeLessThan(before[4 * 8 + 6]!);
  });

  it('is 0 everywhere when all patches are the same', () => {
    const evidence = clickEvidence(new Float32Array(48 * 8).fill(1), 8, geometry, [click]);
    expect(evidence).toBeAllclose(new Float32Array(48));
  });
});
