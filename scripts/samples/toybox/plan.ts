/** The Toybox benchmark as a list of shots and the manifest that describes it. Plain data; needs no browser. */
import { genericShot, siblingShot, testShot, trainShot } from '../plan/sampler.ts';
import type { Subject } from '../plan/subjects.ts';
import { type FamilyName, SETS, type SetName, SHIFTS, type Shift, type ShotSpec } from '../plan/types.ts';
import { Rng } from '../random.ts';

/** The seed that published numbers are for. */
export const TOYBOX_SEED = 'familiar-toybox-1';

export const TOYBOX_COUNTS = { train: 3, testPerShift: 6, negatives: 6, backgrounds: 24 } as const;

/** Side of every square picture, in pixels. */
export const TOYBOX_SIZE = 320;

/** Five forms, of each all four named siblings. */
const CLASSES: Readonly<Partial<Record<FamilyName, readonly [string, string, string, string]>>> = {
  dog: ['biscuit', 'domino', 'ember', 'misty'],
  cat: ['marmalade', 'pepper', 'truffle', 'slate'],
  mug: ['alpine', 'meadow', 'bistro', 'lagoon'],
  shoe: ['comet', 'cherry', 'fern', 'dune'],
  bottle: ['trail', 'coral', 'cosmos', 'citrus'],
};

/** One test picture; its box is known once it is rendered. */
export interface ToyboxImage {
  image: string;
  subject: string;
  shift: Shift;
}

/** `toybox.json` before rendering. */
export interface ToyboxManifest {
  name: 'Toybox';
  seed: string;
  size: number;
  licence: string;
  /** Class word by subject. */
  classes: Record<string, string>;
  shifts: readonly Shift[];
  images: ToyboxImage[];
}

export interface ToyboxPlan {
  shots: ShotSpec[];
  manifest: ToyboxManifest;
}

const two = (n: number) => String(n).padStart(2, '0');

/** The twenty objects. Where each is at home is drawn from the seed. */
export function toyboxSubjects(seed: string): Subject[] {
  const root = new Rng(seed);
  return Object.entries(CLASSES).flatMap(([family, coats]) =>
    coats.map((coat): Subject => {
      const id = `${family}-${coat}`;
      const [first, second, unseen] = coats.filter((other) => other !== coat) as [string, string, string];
      const home = root.fork(`${id}/home`).shuffled(SETS).slice(0, 2) as [SetName, SetName];
      return {
        ...{ id, name: id, className: family, coat, home, description: '' },
        family: family as FamilyName,
        kind: family === 'dog' || family === 'cat' ? 'animal' : 'object',
        ...{ knownSiblings: [first, second], unseenSibling: unseen },
      };
    }),
  );
}

/**
 * Every picture to render and the manifest: of each object three training views and six test views under each of four
 * shifts, other coats of the five forms as negatives, empty places.
 * @param only names of objects; all when left out
 */
export function makeToyboxPlan(
  seed: string = TOYBOX_SEED,
  size: number = TOYBOX_SIZE,
  only?: readonly string[],
): ToyboxPlan {
  const root = new Rng(seed);
  const subjects = toyboxSubjects(seed).filter(({ id }) => !only || only.includes(id));
  const images: ToyboxImage[] = [];
  const shots: ShotSpec[] = [];
  const add = (shot: ShotSpec, image: string, mask: string | null) =>
    shots.push({ ...shot, image, mask, width: size, height: size });
  for (const subject of subjects) {
    const { id } = subject;
    for (let k = 0; k < TOYBOX_COUNTS.train; k++)
      add(trainShot(subject, k, root), `train/${id}/${two(k)}.jpg`, `train_masks/${id}/${two(k)}.png`);
    SHIFTS.forEach((shift, s) => {
      for (let k = 0; k < TOYBOX_COUNTS.testPerShift; k++) {
        const slot = s * TOYBOX_COUNTS.testPerShift + k;
        const name = `${id}/${shift}-${two(k)}`;
        const image = `test/${name}.jpg`;
        add(testShot(subject, shift, k, slot, root), image, `test_masks/${name}.png`);
        images.push({ image, subject: id, shift });
      }
    });
  }
  const classes = [...new Set(subjects.map(({ className }) => className))];
  for (const word of classes) {
    const example = subjects.find(({ className }) => className === word)!;
    for (let k = 0; k < TOYBOX_COUNTS.negatives; k++) {
      const image = `negatives/${word}-${two(k)}.jpg`;
      add(siblingShot(example, { stranger: `toybox ${word} ${k}` }, image, k, root), image, null);
    }
  }
  for (let k = 0; k < TOYBOX_COUNTS.backgrounds; k++) {
    const image = `backgrounds/${two(k)}.jpg`;
    add(genericShot(image, k, 0, root), image, null);
  }
  return {
    shots,
    manifest: {
      ...{ name: 'Toybox' as const, seed, size, licence: 'MIT' },
      classes: Object.fromEntries(subjects.map(({ id, className }) => [id, className])),
      ...{ shifts: SHIFTS, images },
    },
  };
}
