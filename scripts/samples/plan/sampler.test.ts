import { describe, expect, it } from 'vitest';
import { Rng } from '../random.ts';
import { PLACES } from './places.ts';
import { makePlan, SEED } from './plan.ts';
import { elsewhere, genericShot, siblingShot, testShot, trainShot, VIEWS } from './sampler.ts';
import { SUBJECTS, type Subject } from './subjects.ts';
import { SHIFTS } from './types.ts';

const root = new Rng('sampler test');
const dog = SUBJECTS.find(({ family }) => family === 'dog') as Subject;
const mug = SUBJECTS.find(({ family }) => family === 'mug') as Subject;

describe('the shot sampler', () => {
  it('gives the same plan for the same seed and another for another', () => {
    expect(makePlan(SEED)).toEqual(makePlan(SEED));
    expect(makePlan('other').shots).not.toEqual(makePlan(SEED).shots);
  });

  it('does not depend on what was drawn before', () => {
    const alone = testShot(mug, 'pose', 2, 5, new Rng('a'));
    const busy = new Rng('a');
    for (let i = 0; i < 100; i++) busy.next();
    trainShot(dog, 0, busy);
    expect(testShot(mug, 'pose', 2, 5, busy)).toEqual(alone);
  });

  it('keeps every camera inside what its place and view allow', () => {
    for (const shot of makePlan(SEED).shots) {
      const { maxAzimuth, elevation, lights } = PLACES[shot.set];
      expect(Math.abs(shot.camera.azimuth)).toBeLessThanOrEqual(maxAzimuth);
      expect(shot.camera.elevation).toBeGreaterThanOrEqual(elevation[0]);
      expect(shot.camera.elevation).toBeLessThanOrEqual(elevation[1]);
      expect(lights).toContain(shot.light);
      if (shot.subject) expect(shot.camera.fraction).toBeGreaterThanOrEqual(VIEWS.both.fraction[0]);
      expect(shot.camera.fraction).toBeLessThanOrEqual(0.42);
    }
  });

  it('leaves room for occlusion: the smallest visible subject is above 4 % of the picture', () => {
    for (const shift of SHIFTS)
      expect(VIEWS[shift].fraction[0] * VIEWS[shift].minVisible).toBeGreaterThan(0.04);
  });

  it('shows training and in-distribution views in the same rooms, shifted ones elsewhere', () => {
    for (const subject of SUBJECTS) {
      const rooms = [0, 1, 2].map((k) => trainShot(subject, k, root).setSeed);
      for (let k = 0; k < 3; k++) {
        expect(rooms).toContain(testShot(subject, 'id', k, k, root).setSeed);
        expect(elsewhere(subject)).toContain(testShot(subject, 'both', k, k, root).set);
        expect(subject.home).not.toContain(testShot(subject, 'pose', k, k, root).set);
      }
    }
  });

  it('keeps the subject upright and facing the camera except under the pose shifts', () => {
    const drawn = (shift: (typeof SHIFTS)[number]) =>
      SUBJECTS.flatMap((subject) =>
        Array.from({ length: 40 }, (_, k) => testShot(subject, shift, k, k, root).subject?.stance),
      );
    for (const stance of [...drawn('id'), ...drawn('distractors')]) {
      expect(stance?.rest).toBe('upright');
      expect(Math.abs(stance?.yaw ?? 999)).toBeLessThanOrEqual(75);
    }
    for (const stance of [...drawn('pose'), ...drawn('both')]) {
      const calm =
        stance?.rest === 'upright' && ['sit', 'stand'].includes(stance.posture) && Math.abs(stance.yaw) <= 75;
      expect(calm).toBe(false);
    }
  });

  it('adds clutter only where the shift says so', () => {
    for (let k = 0; k < 30; k++) {
      expect(trainShot(dog, k % 3, root).clutter).toBe(0);
      expect(testShot(dog, 'pose', k, k, root).clutter).toBeLessThanOrEqual(1);
      expect(testShot(dog, 'both', k, k, root).clutter).toBeGreaterThanOrEqual(5);
    }
  });

  it('never puts the subject itself among the negatives', () => {
    for (const { image, subject } of makePlan(SEED).shots) {
      if (!image.includes('negatives/') && !image.includes('backgrounds/')) continue;
      const own = SUBJECTS.find(({ id }) => image.startsWith(id));
      if (own) expect(subject?.coat).not.toEqual({ named: own.coat });
      else expect(subject).toBeNull();
    }
    expect(siblingShot(dog, { stranger: 'x' }, 'dog/negatives/00.jpg', 0, root).mask).toBeNull();
    expect(genericShot('backgrounds/00.jpg', 0, 0, root)).toMatchObject({
      clutter: 0,
      subject: null,
      rival: null,
    });
  });

  it('keeps the unseen sibling out of the training negatives', () => {
    for (const { image, subject } of makePlan(SEED).shots) {
      const own = SUBJECTS.find(({ id }) => image.startsWith(`${id}/negatives/`));
      if (own) expect(subject?.coat).not.toEqual({ named: own.unseenSibling });
    }
  });
});
