import { describe, expect, it } from 'vitest';
import { drawing, drawnMask } from '../images/testing.ts';
import { largestContour, tightBox } from './box.ts';
import { area } from './testing.ts';

describe('tightBox', () => {
  const mask = drawnMask('......', '..#...', '....#.', '......');

  it('covers all foreground', () => {
    expect(tightBox(mask)).toEqual([2, 1, 3, 2]);
    expect(tightBox(drawnMask('###', '###'))).toEqual([0, 0, 3, 2]);
  });

  it('is one less each way in the convention of the reference', () => {
    expect(tightBox(mask, 'reference')).toEqual([2, 1, 2, 1]);
  });

  it('is null without foreground', () => {
    expect(tightBox(drawnMask('..', '..'))).toBeNull();
  });
});

describe('largestContour', () => {
  it('fills the largest outline and drops the rest', () => {
    const mask = drawnMask('####..', '#..#.#', '#..#..', '####.#');
    expect(drawing(largestContour(mask))).toEqual(['####..', '####..', '####..', '####..']);
  });

  it('measures enclosed area, not pixels: a long line encloses nothing', () => {
    const mask = drawnMask('########', '........', '.##.....', '.##.....');
    expect(drawing(largestContour(mask))).toEqual(['........', '........', '.##.....', '.##.....']);
  });

  it('joins corners and fills a diamond', () => {
    const mask = drawnMask('..#..', '.#.#.', '#...#', '.#.#.', '..#..');
    expect(drawing(largestContour(mask))).toEqual(['..#..', '.###.', '#####', '.###.', '..#..']);
  });

  it('takes what lies in a hole as filled', () => {
    const ring = drawnMask('#####', '#...#', '#.#.#', '#...#', '#####');
    expect(area(largestContour(ring))).toBe(25);
  });

  it('keeps the first of equals, and nothing of nothing', () => {
    expect(drawing(largestContour(drawnMask('##.##', '##.##')))).toEqual(['##...', '##...']);
    expect(area(largestContour(drawnMask('...', '...')))).toBe(0);
    expect(drawing(largestContour(drawnMask('..#', '...')))).toEqual(['..#', '...']);
  });
});
