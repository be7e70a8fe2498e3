import { describe, expect, it } from 'vitest';
import { drawing, drawnMask } from '../images/testing.ts';
import { fillHoles, labelComponents, largestComponent, removeSmallComponents } from './components.ts';
import { close, complement, dilate, erode } from './morphology.ts';
import { area, readNpy, transpose } from './testing.ts';

const map0 = readNpy('map0.npy').values;
const noisy = { width: 120, height: 96, data: Uint8Array.from(map0, (value) => (value > 0.5 ? 255 : 0)) };

describe('components', () => {
  it('labels row by row, corners joined or not', () => {
    const mask = drawnMask('#..#', '.#.#', '#...');
    expect([...labelComponents(mask, 4).labels]).toEqual([1, 0, 0, 2, 0, 3, 0, 2, 4, 0, 0, 0]);
    expect(labelComponents(mask, 4).sizes).toEqual([7, 1, 2, 1, 1]);
    expect([...labelComponents(mask, 8).labels]).toEqual([1, 0, 0, 2, 0, 1, 0, 2, 1, 0, 0, 0]);
    expect(labelComponents(mask, 8).sizes).toEqual([7, 3, 2]);
  });

  it('does not join across the ends of rows', () => {
    expect(labelComponents(drawnMask('..#', '#..'), 8).sizes).toEqual([4, 1, 1]);
  });

  it('finds the same components in the transposed mask', () => {
    for (const connectivity of [4, 8] as const) {
      const sizes = labelComponents(noisy, connectivity).sizes.toSorted((a, b) => a - b);
      expect(labelComponents(transpose(noisy), connectivity).sizes.toSorted((a, b) => a - b)).toEqual(sizes);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(96 * 120);
    }
  });

  it('keeps what is large enough', () => {
    const mask = drawnMask('##..', '...#', '...#', '#...');
    expect(drawing(removeSmallComponents(mask, 2))).toEqual(['##..', '...#', '...#', '....']);
    expect(drawing(largestComponent(drawnMask('#.##', '..#.')))).toEqual(['..##', '..#.']);
    expect(drawing(largestComponent(mask))).toEqual(['##..', '....', '....', '....']);
    expect(area(largestComponent(drawnMask('...', '...')))).toBe(0);
  });

  it('fills holes that no edge leads out of', () => {
    expect(drawing(fillHoles(drawnMask('.##..', '#..#.', '.##..', '....#')))).toEqual([
      '.##..',
      '####.',
      '.##..',
      '....#',
    ]);
    expect(drawing(fillHoles(drawnMask('###', '#..', '###')))).toEqual(['###', '#..', '###']);
    expect(fillHoles(fillHoles(noisy))).toEqual(fillHoles(noisy));
  });
});

describe('morphology with a radius-1 disk', () => {
  it('grows to four neighbours and stays in the image', () => {
    expect(drawing(dilate(drawnMask('#...', '....', '..#.')))).toEqual(['##..', '#.#.', '.###']);
  });

  it('does not eat objects at the border', () => {
    expect(drawing(erode(drawnMask('###.', '###.', '###.')))).toEqual(['##..', '##..', '##..']);
  });

  it('closes gaps of a pixel, and twice is as good as once', () => {
    const gap = drawnMask('.......', '.......', '..###..', '..#.#..', '..###..', '.......', '.......');
    const closed = ['.......', '.......', '..###..', '..###..', '..###..', '.......', '.......'];
    expect(drawing(close(gap))).toEqual(closed);
    expect(close(close(noisy))).toEqual(close(noisy));
  });

  it('reaches the border from a pixel away, as scikit-image does', () => {
    const ring = drawnMask('.....', '.###.', '.#.#.', '.###.', '.....');
    expect(drawing(close(ring))).toEqual(['..#..', '.###.', '#####', '.###.', '..#..']);
  });

  it('is ordered: erosion ⊆ mask ⊆ closing ⊆ dilation', () => {
    const steps = [erode(noisy), noisy, close(noisy), dilate(noisy)];
    for (let i = 1; i < steps.length; i++) {
      expect(steps[i - 1]!.data.every((value, at) => value === 0 || steps[i]!.data[at]! > 0)).toBe(true);
      expect(area(steps[i]!)).toBeGreaterThan(area(steps[i - 1]!));
    }
  });

  it('commutes with transposition and complements twice to itself', () => {
    expect(dilate(transpose(noisy))).toEqual(transpose(dilate(noisy)));
    expect(complement(complement(noisy))).toEqual(noisy);
  });
});
