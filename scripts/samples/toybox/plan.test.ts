import { describe, expect, it } from 'vitest';
import { bottle } from '../families/bottle.ts';
import { cat } from '../families/cat.ts';
import { dog } from '../families/dog.ts';
import { mug } from '../families/mug.ts';
import { shoe } from '../families/shoe.ts';
import { SHIFTS } from '../plan/types.ts';
import { makeToyboxPlan, TOYBOX_COUNTS, toyboxSubjects } from './plan.ts';

const { shots, manifest } = makeToyboxPlan();

describe('the Toybox plan', () => {
  it('has twenty objects, four siblings each of five classes, whose coats all differ', () => {
    const subjects = toyboxSubjects(manifest.seed);
    expect(subjects).toHaveLength(20);
    const classes = Object.values(manifest.classes);
    for (const word of new Set(classes)) expect(classes.filter((other) => other === word)).toHaveLength(4);
    const families = { dog, cat, mug, shoe, bottle } as Record<string, { coats: Record<string, unknown> }>;
    const coats = subjects.map(({ family, coat }) => JSON.stringify(families[family]!.coats[coat]));
    expect(coats.every((coat) => coat !== undefined)).toBe(true);
    expect(new Set(coats).size).toBe(20);
  });

  it('names every picture once, with masks of the training and test views', () => {
    const { train, testPerShift, negatives, backgrounds } = TOYBOX_COUNTS;
    expect(shots).toHaveLength(20 * (train + 4 * testPerShift) + 5 * negatives + backgrounds);
    expect(new Set(shots.map(({ image }) => image)).size).toBe(shots.length);
    for (const { image, mask } of shots)
      expect(mask !== null).toBe(image.startsWith('train/') || image.startsWith('test/'));
    expect(shots.every(({ width, height }) => width === manifest.size && height === width)).toBe(true);
  });

  it('tells the shift of every test picture, six of each', () => {
    const tests = shots.filter(({ image }) => image.startsWith('test/')).map(({ image }) => image);
    expect(manifest.images.map(({ image }) => image)).toEqual(tests);
    for (const subject of Object.keys(manifest.classes))
      for (const shift of SHIFTS) {
        const own = manifest.images.filter((entry) => entry.subject === subject && entry.shift === shift);
        expect(own).toHaveLength(TOYBOX_COUNTS.testPerShift);
      }
  });

  it('is the same for the same seed, another for another, and a part of itself for some objects', () => {
    expect(makeToyboxPlan()).toEqual({ shots, manifest });
    expect(makeToyboxPlan('other').shots).not.toEqual(shots);
    const some = makeToyboxPlan(manifest.seed, manifest.size, ['mug-bistro']);
    expect(Object.keys(some.manifest.classes)).toEqual(['mug-bistro']);
    for (const shot of some.shots.filter(({ image }) => /mug-bistro/.test(image)))
      expect(shots).toContainEqual(shot);
  });

  it('shows no object of the set among the negatives', () => {
    for (const { image, subject } of shots) {
      if (image.startsWith('negatives/')) expect(subject!.coat).toHaveProperty('stranger');
      if (image.startsWith('backgrounds/')) expect(subject).toBeNull();
    }
  });
});
