import { describe, expect, it } from 'vitest';
import type { Pixels } from '../../images/types.ts';
import { describePicture, knownColors } from './describe.ts';

const grammar = {
  classNames: ['dog'],
  colors: ['red', 'blue', 'black', 'white', 'mauve'],
  lights: ['dark', 'bright'],
};

/** A picture of one colour with a square of another in the middle. */
function picture(border: number[], middle: number[]): Pixels {
  const data = new Uint8ClampedArray(40 * 40 * 4);
  for (let y = 0; y < 40; y++)
    for (let x = 0; x < 40; x++) {
      const inside = x >= 8 && x < 32 && y >= 8;
      data.set([...(inside ? middle : border), 255], 4 * (y * 40 + x));
    }
  return { width: 40, height: 40, data };
}

describe('describePicture', () => {
  it('names the border, whatever is in the middle, and the light', () => {
    expect(describePicture(picture([190, 60, 50], [80, 140, 200]), grammar)).toBe(
      'a photo of a {subject}, red background',
    );
    expect(describePicture(picture([90, 120, 180], [90, 120, 180]), grammar)).toBe(
      'a photo of a {subject}, blue background',
    );
    expect(describePicture(picture([10, 10, 10], [70, 70, 70]), grammar)).toBe(
      'a photo of a {subject}, black background, dark',
    );
    expect(describePicture(picture([250, 250, 250], [200, 210, 190]), grammar)).toBe(
      'a photo of a {subject}, white background, bright',
    );
  });

  it('says only what the grammar has words for', () => {
    const poor = { classNames: ['dog'], colors: ['mauve'], lights: [] };
    expect(describePicture(picture([10, 10, 10], [20, 20, 20]), poor)).toBe('a photo of a {subject}');
    expect(knownColors(grammar).map(({ name }) => name)).toEqual(['red', 'blue', 'black', 'white']);
  });
});
