/** The whole collection as a list of shots and the manifest that describes it. Plain data; needs no browser. */
import { Rng } from '../random.ts';
import { genericShot, siblingShot, testShot, trainShot } from './sampler.ts';
import { SUBJECTS, type Subject } from './subjects.ts';
import { type CoatRef, SHIFTS, type Shift, type ShotSpec } from './types.ts';

/** The committed seed. Another seed gives another collection of the same shape. */
export const SEED = 'familiar-samples-1';

export const COUNTS = {
  train: 3,
  testPerShift: 3,
  siblingTests: 3,
  siblingNegatives: 12,
  negatives: 36,
  backgrounds: 26,
} as const;

export interface TestEntry {
  image: string;
  /** Present when the subject is in the picture. */
  mask?: string;
  shift: Shift | null;
  isSubject: boolean;
}

export interface SubjectEntry {
  id: string;
  name: string;
  className: string;
  kind: 'animal' | 'object';
  description: string;
  train: { image: string; mask: string }[];
  test: TestEntry[];
  /** Siblings: the same form in other coats. */
  negatives: string[];
  cover: string;
}

/** public/samples/index.json; every path is relative to its folder. */
export interface Manifest {
  version: 1;
  seed: string;
  generator: string;
  licence: string;
  subjects: SubjectEntry[];
  negatives: string[];
  backgrounds: string[];
}

export interface Plan {
  shots: ShotSpec[];
  manifest: Manifest;
}

const two = (n: number) => String(n).padStart(2, '0');

function planSubject(subject: Subject, root: Rng): { shots: ShotSpec[]; entry: SubjectEntry } {
  const train = Array.from({ length: COUNTS.train }, (_, k) => trainShot(subject, k, root));
  const test: ShotSpec[] = [];
  const entries: TestEntry[] = [];
  for (const shift of SHIFTS)
    for (let k = 0; k < COUNTS.testPerShift; k++) {
      const shot = testShot(subject, shift, k, test.length, root);
      test.push(shot);
      entries.push({ image: shot.image, mask: shot.mask as string, shift, isSubject: true });
    }
  const strangers: CoatRef[] = [
    { named: subject.knownSiblings[0] as string },
    { named: subject.unseenSibling },
    { stranger: 'test' },
  ];
  for (let k = 0; k < COUNTS.siblingTests; k++) {
    const shot = siblingShot(
      subject,
      strangers[k] as CoatRef,
      `${subject.id}/test/${two(test.length)}.jpg`,
      k + 5,
      root,
    );
    test.push(shot);
    entries.push({ image: shot.image, shift: null, isSubject: false });
  }
  const negatives = Array.from({ length: COUNTS.siblingNegatives }, (_, k) => {
    const known = subject.knownSiblings[k % 2] as string;
    return siblingShot(
      subject,
      k < 4 ? { named: known } : { stranger: `negative ${k}` },
      `${subject.id}/negatives/${two(k)}.jpg`,
      k,
      root,
    );
  });
  const { id, name, className, kind, description } = subject;
  return {
    shots: [...train, ...test, ...negatives],
    entry: {
      id,
      name,
      className,
      kind,
      description,
      train: train.map(({ image, mask }) => ({ image, mask: mask as string })),
      test: entries,
      negatives: negatives.map(({ image }) => image),
      cover: (train[0] as ShotSpec).image,
    },
  };
}

/** Every picture to render and the manifest, from one seed text. */
export function makePlan(seed: string = SEED): Plan {
  const root = new Rng(seed);
  const subjects = SUBJECTS.map((subject) => planSubject(subject, root));
  const negatives = Array.from({ length: COUNTS.negatives }, (_, k) =>
    genericShot(`negatives/${two(k)}.jpg`, k, k % 3 === 0 ? 1 : 2 + (k % 5), root),
  );
  const backgrounds = Array.from({ length: COUNTS.backgrounds }, (_, k) =>
    genericShot(`backgrounds/${two(k)}.jpg`, k, 0, root),
  );
  return {
    shots: [...subjects.flatMap(({ shots }) => shots), ...negatives, ...backgrounds],
    manifest: {
      version: 1,
      seed,
      generator:
        'Rendered by scripts/samples/render.mjs (npm run samples); no photograph, no third-party asset.',
      licence: 'MIT',
      subjects: subjects.map(({ entry }) => entry),
      negatives: negatives.map(({ image }) => image),
      backgrounds: backgrounds.map(({ image }) => image),
    },
  };
}
