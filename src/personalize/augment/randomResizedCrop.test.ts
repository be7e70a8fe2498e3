import { describe, expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import { randomResizedCrop } from './randomResizedCrop.ts';
import { PAPER_AUGMENT } from './settings.ts';

const ASPECT = [3 / 4, 4 / 3] as const;

/** A generator that says what it is told: shares and ratios (as they come out), then positions; and counts its draws. */
function scripted(draws: { share: number; ratio: number }[], positions: number[]) {
  let drawn = 0;
  let placed = 0;
  return {
    draws: () => drawn,
    uniform: () => {
      const { share, ratio } = draws[Math.floor(drawn / 2) % draws.length]!;
      return drawn++ % 2 === 0 ? share : Math.log(ratio);
    },
    int: (n: number) => Math.min(n - 1, positions[placed++]!),
  };
}

describe('randomResizedCrop', () => {
  it.each([
    [0.5, 1, { width: 71, height: 71 }],
    [0.5, 4 / 3, { width: 82, height: 61 }],
    [0.81, 3 / 4, { width: 78, height: 104 }],
  ])('takes %f of 10,000 pixels at ratio %f', (share, ratio, { width, height }) => {
    const random = scripted([{ share: (share * 10_000) / (120 * 110), ratio }], [5, 3]);
    expect(randomResizedCrop(120, 110, [0, 1], ASPECT, random)).toEqual({ x: 5, y: 3, width, height });
  });

  it('draws again until a window fits, and takes the first that does', () => {
    const random = scripted(
      [
        { share: 1, ratio: 4 / 3 },
        { share: 0.9, ratio: 3 / 4 },
        { share: 0.25, ratio: 1 },
      ],
      [0, 50],
    );
    expect(randomResizedCrop(100, 100, [0.25, 1], ASPECT, random)).toEqual({
      x: 0,
      y: 50,
      width: 50,
      height: 50,
    });
    expect(random.draws()).toBe(6);
  });

  it.each([
    ['wide', 100, 30, { x: 30, y: 0, width: 40, height: 30 }],
    ['tall', 30, 100, { x: 0, y: 30, width: 30, height: 40 }],
    ['of a ratio within range', 100, 90, { x: 0, y: 0, width: 100, height: 90 }],
  ])('after ten tries takes the largest central window of a photo that is %s', (_, width, height, window) => {
    const random = scripted([{ share: 2, ratio: 1 }], []);
    expect(randomResizedCrop(width, height, [2, 2], ASPECT, random)).toEqual(window);
    expect(random.draws()).toBe(20);
  });

  it('stays within the photo, the areas and the ratios, and reaches both ends of each', () => {
    const random = new Philox(4);
    const { cropArea, cropAspect } = PAPER_AUGMENT;
    const windows = Array.from({ length: 3000 }, () =>
      randomResizedCrop(224, 224, cropArea, cropAspect, random),
    );
    expect(windows.every((w) => w.x >= 0 && w.y >= 0 && w.x + w.width <= 224 && w.y + w.height <= 224)).toBe(
      true,
    );
    const shares = windows.map((w) => (w.width * w.height) / 224 ** 2);
    const ratios = windows.map((w) => w.width / w.height);
    expect(Math.min(...shares)).toBeGreaterThan(0.79);
    expect(Math.min(...shares)).toBeLessThan(0.82);
    expect(Math.max(...shares)).toBeGreaterThan(0.97);
    // At an area of .8 a square leaves room for ratios of .8 to 1.25 only.
    expect(Math.min(...ratios)).toBeLessThan(0.84);
    expect(Math.max(...ratios)).toBeGreaterThan(1.2);
  });
});
