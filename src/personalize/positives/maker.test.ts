import { describe, expect, it } from 'vitest';
import { pattern } from '../../images/testing.ts';
import type { Mask } from '../../images/types.ts';
import { CutPasteError } from './errors.ts';
import { CutPasteMaker } from './maker.ts';
import { CUT_PASTE } from './settings.ts';

function disk(width: number, height: number): Mask {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.hypot((i % width) - width / 2, Math.floor(i / width) - height / 2) < height / 3 ? 255 : 0,
  );
  return { width, height, data };
}

const photos = ['one.jpg', 'two.jpg'].map((name) => ({ name, pixels: pattern(60, 40), mask: disk(60, 40) }));
const backgrounds = [
  { name: 'garden', pixels: pattern(90, 70) },
  { name: 'kitchen', pixels: pattern(50, 110) },
];
const make = (seed: number, settings = CUT_PASTE, from = backgrounds) =>
  new CutPasteMaker(photos, from, settings, 48, seed);

describe('CutPasteMaker', () => {
  it('makes positive i the same whatever was made before, and another for another number or seed', () => {
    const maker = make(1);
    const first = [0, 1, 2].map((i) => maker.make(i));
    expect(make(1).make(2)).toEqual(first[2]);
    expect(first[0]!.pixels.data).not.toEqual(first[1]!.pixels.data);
    expect(make(2).make(0).pixels.data).not.toEqual(first[0]!.pixels.data);
  });

  it('makes squares with a mask of the object and says what was put where', () => {
    const maker = make(3);
    for (let i = 0; i < 12; i++) {
      const { pixels, mask, photoIndex, provenance } = maker.make(i);
      expect([pixels.width, pixels.height, mask.width, mask.height]).toEqual([48, 48, 48, 48]);
      const share = mask.data.filter((value) => value > 0).length / (48 * 48);
      expect(share).toBeGreaterThan(0.03);
      expect(share).toBeLessThan(0.65);
      expect(provenance.startsWith(`${photos[photoIndex]!.name} on `)).toBe(true);
      expect(provenance).toMatch(
        /on (garden|kitchen|procedural \w+), \d+ % high, turned -?\d+°(, flipped)?$/,
      );
    }
  });

  it('uses every photo and background, procedural ones by their share, or always when there are no others', () => {
    const made = (settings = CUT_PASTE, from = backgrounds) =>
      Array.from({ length: 200 }, (_, i) => make(4, settings, from).make(i));
    const procedural = (list: { provenance: string }[]) =>
      list.filter(({ provenance }) => provenance.includes('procedural')).length;
    const images = made();
    expect(new Set(images.map(({ photoIndex }) => photoIndex)).size).toBe(2);
    for (const name of ['garden', 'kitchen'])
      expect(images.some(({ provenance }) => provenance.includes(name))).toBe(true);
    expect(procedural(images) / 200).toBeCloseTo(CUT_PASTE.procedural, 1);
    expect(procedural(made({ ...CUT_PASTE, procedural: 0 }))).toBe(0);
    expect(procedural(made({ ...CUT_PASTE, procedural: 0 }, []))).toBe(200);
  });

  it('changes only the background or only the placement when only that setting changes', () => {
    const placed = make(5, { ...CUT_PASTE, procedural: 0 }).make(0).placement;
    expect(make(5, { ...CUT_PASTE, procedural: 1 }).make(0).placement).toEqual(placed);
  });

  it('names the photo whose mask cannot be used', () => {
    const bad = [...photos, { name: 'three.jpg', pixels: pattern(60, 40), mask: disk(60, 40) }];
    bad[2]!.mask = { width: 60, height: 40, data: new Uint8Array(2400) };
    expect(() => new CutPasteMaker(bad, backgrounds, CUT_PASTE, 48, 1)).toThrow(CutPasteError);
    expect(() => new CutPasteMaker(bad, backgrounds, CUT_PASTE, 48, 1)).toThrow(/three\.jpg/);
  });
});
