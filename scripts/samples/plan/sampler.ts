/** Draws one picture's plan from its stream: what stands how, where, seen from where, among what. */
import type { Rng } from '../random.ts';
import { PLACES } from './places.ts';
import type { Subject } from './subjects.ts';
import {
  type CameraSpec,
  type CoatRef,
  type FamilyName,
  SETS,
  type SetName,
  type Shift,
  type ShotSpec,
  type Stance,
  type ThingSpec,
} from './types.ts';

/** Long side of every picture, pixels. */
export const LONG_SIDE = 384;

/** What a kind of view may look like. */
interface View {
  fraction: readonly [number, number];
  odd: boolean;
  clutter: readonly [number, number];
  minVisible: number;
  home: boolean;
}

export const VIEWS: Readonly<Record<Shift | 'train', View>> = {
  train: { fraction: [0.17, 0.36], odd: false, clutter: [0, 0], minVisible: 1, home: true },
  id: { fraction: [0.12, 0.42], odd: false, clutter: [0, 1], minVisible: 0.95, home: true },
  pose: { fraction: [0.1, 0.34], odd: true, clutter: [0, 1], minVisible: 0.95, home: false },
  distractors: { fraction: [0.068, 0.16], odd: false, clutter: [6, 9], minVisible: 0.62, home: false },
  both: { fraction: [0.066, 0.14], odd: true, clutter: [5, 9], minVisible: 0.62, home: false },
};

/** Families that stay put when stood on their heads. */
const UPTURNED: ReadonlySet<FamilyName> = new Set(['mug', 'shoe']);

const UPRIGHT_POSTURES = ['sit', 'stand'] as const;

function stance(subject: Subject, odd: boolean, rng: Rng): Stance {
  const animal = subject.kind === 'animal';
  const calm: Stance = {
    yaw: rng.range(-75, 75),
    rest: 'upright',
    spin: 0,
    posture: rng.pick(UPRIGHT_POSTURES),
    headYaw: rng.range(-22, 22),
    headPitch: rng.range(-10, 10),
  };
  if (!odd) return calm;
  const wild = { ...calm, headYaw: rng.range(-55, 55), headPitch: rng.range(-22, 22) };
  const away = rng.range(100, 260);
  if (animal && subject.family !== 'duck') {
    return rng.pick([
      { ...wild, posture: 'lie', yaw: rng.range(-110, 110) },
      { ...wild, posture: 'sprawl', yaw: rng.range(-110, 110) },
      { ...wild, posture: 'stand', yaw: away },
      { ...wild, posture: 'stand', rest: 'side' as const },
      { ...wild, posture: 'sprawl', rest: 'back' as const },
    ]);
  }
  return rng.pick([
    { ...wild, rest: 'side' as const, yaw: rng.range(-180, 180), spin: rng.range(-70, 70) },
    {
      ...wild,
      rest: subject.family === 'bottle' ? ('side' as const) : ('back' as const),
      yaw: rng.range(-180, 180),
    },
    {
      ...wild,
      rest: UPTURNED.has(subject.family) ? ('upturned' as const) : ('back' as const),
      yaw: rng.range(-180, 180),
    },
    { ...wild, yaw: away },
  ]);
}

function camera(set: SetName, view: View, rng: Rng): CameraSpec {
  const { maxAzimuth, elevation } = PLACES[set];
  const [low, high] = elevation;
  const steep = view.odd ? 1 : 0.65;
  const wander = view.home ? 0.16 : 0.4;
  return {
    azimuth: rng.range(-maxAzimuth, maxAzimuth),
    elevation: rng.range(low, low + (high - low) * steep),
    fov: rng.range(26, 42),
    fraction: rng.range(...view.fraction),
    offset: [rng.range(-wander, wander), rng.range(-wander, wander) * 0.7],
    roll: rng.range(-4, 4) * (view.odd ? 2 : 1),
  };
}

function shot(
  set: SetName,
  seed: string,
  rng: Rng,
  rest: Pick<ShotSpec, 'image' | 'mask' | 'camera'> & Partial<ShotSpec>,
): ShotSpec {
  return {
    seed,
    set,
    width: LONG_SIDE,
    height: LONG_SIDE,
    light: rng.pick(PLACES[set].lights),
    subject: null,
    clutter: 0,
    minVisible: 0,
    rival: null,
    setSeed: seed,
    ...rest,
  };
}

/** Places that are not the subject's home. */
export function elsewhere(subject: Subject): SetName[] {
  return SETS.filter((set) => !subject.home.includes(set));
}

/** Yaws of the three training views: both front quarters and one flank, so every side is seen once. */
const TRAIN_YAW = [-32, 38, 100] as const;

/** Training view k of a subject (k = 0, 1, 2). */
export function trainShot(subject: Subject, k: number, root: Rng): ShotSpec {
  const rng = root.fork(`${subject.id}/train/${k}`);
  const set = subject.home[k % 2] as SetName;
  const pose = stance(subject, false, rng);
  const name = String(k).padStart(2, '0');
  return shot(set, rng.seed, rng, {
    image: `${subject.id}/train/${name}.jpg`,
    mask: `${subject.id}/train_masks/${name}.png`,
    setSeed: `${root.seed}/${subject.id}/home/${set}`,
    subject: {
      family: subject.family,
      coat: { named: subject.coat },
      stance: {
        ...pose,
        yaw: (TRAIN_YAW[k] as number) + rng.range(-12, 12),
        posture: UPRIGHT_POSTURES[k % 2] as string,
      },
    },
    camera: camera(set, VIEWS.train, rng),
    minVisible: VIEWS.train.minVisible,
  });
}

/** Test view k of a subject under a shift; `slot` is its running number in the test folder. */
export function testShot(subject: Subject, shift: Shift, k: number, slot: number, root: Rng): ShotSpec {
  const rng = root.fork(`${subject.id}/test/${shift}/${k}`);
  const view = VIEWS[shift];
  const away = root.fork(`${subject.id}/away/${shift}`).shuffled(elsewhere(subject));
  const set = view.home ? (subject.home[k % 2] as SetName) : (away[k % away.length] as SetName);
  const [few, many] = view.clutter;
  const rivals = [...subject.knownSiblings, subject.unseenSibling];
  const rival: ThingSpec | null =
    many > 2 && k % 3 === 1
      ? {
          family: subject.family,
          coat: { named: rng.pick(rivals) },
          stance: stance(subject, false, rng.fork('rival')),
        }
      : null;
  const name = String(slot).padStart(2, '0');
  return shot(set, rng.seed, rng, {
    image: `${subject.id}/test/${name}.jpg`,
    mask: `${subject.id}/test_masks/${name}.png`,
    ...(view.home ? { setSeed: `${root.seed}/${subject.id}/home/${set}` } : {}),
    subject: {
      family: subject.family,
      coat: { named: subject.coat },
      stance: stance(subject, view.odd, rng),
    },
    camera: camera(set, view, rng),
    clutter: few + rng.int(many - few + 1),
    minVisible: view.minVisible,
    rival,
  });
}

/** A picture of another coat of the same form, in any pose and place. */
export function siblingShot(subject: Subject, coat: CoatRef, image: string, k: number, root: Rng): ShotSpec {
  const rng = root.fork(image);
  const set = root.fork(`${subject.id}/sibling-sets/${Math.floor(k / SETS.length)}`).shuffled(SETS)[
    k % SETS.length
  ] as SetName;
  const view: View = {
    fraction: [0.1, 0.36],
    odd: k % 3 === 2,
    clutter: [0, 4],
    minVisible: 0.7,
    home: false,
  };
  return shot(set, rng.seed, rng, {
    image,
    mask: null,
    subject: {
      family: subject.family,
      coat,
      stance: { ...stance(subject, view.odd, rng), ...(k % 3 === 1 ? { yaw: rng.range(-180, 180) } : {}) },
    },
    camera: camera(set, view, rng),
    clutter: rng.int(5),
    minVisible: view.minVisible,
  });
}

/** Sizes of pictures without a subject: square, wide, tall. */
const FORMATS = [
  { width: LONG_SIDE, height: LONG_SIDE },
  { width: LONG_SIDE, height: (LONG_SIDE * 3) / 4 },
  { width: (LONG_SIDE * 3) / 4, height: LONG_SIDE },
] as const;

/** Bare paper shows nothing when it is empty. */
const FURNISHED = SETS.filter((set) => set !== 'backdrop');

/** A picture without any family member: an arrangement of props, or with clutter 0 an empty place seen widely. */
export function genericShot(image: string, k: number, clutter: number, root: Rng): ShotSpec {
  const rng = root.fork(image);
  const sets = clutter > 0 ? SETS : FURNISHED;
  const round = Math.floor(k / sets.length);
  const set = root.fork(`generic-sets/${clutter > 0}/${round}`).shuffled(sets)[k % sets.length] as SetName;
  const fraction = clutter > 0 ? ([0.16, 0.42] as const) : ([0.02, 0.07] as const);
  const view: View = { fraction, odd: clutter > 0, clutter: [0, 0], minVisible: 0, home: false };
  const drawn = camera(set, view, rng);
  const wide: CameraSpec = {
    ...drawn,
    fov: drawn.fov + 6,
    offset: [drawn.offset[0], rng.range(-0.75, -0.35)],
  };
  return shot(set, rng.seed, rng, {
    image,
    mask: null,
    ...(FORMATS[k % FORMATS.length] as (typeof FORMATS)[number]),
    camera: clutter > 0 ? drawn : wide,
    clutter,
  });
}
