import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderSource } from '../../scripts/lib/dataFolder.mjs';
import { readFolder, requireTraining } from '../files/dataset/readDataset.ts';
import { tellLeftOut } from '../files/leftOut.ts';
import { filePath, openFolder, sharedItems, subjectItems } from '../library/import/folder.ts';
import type { PhotoItem } from '../library/import/into-library.ts';
import { Philox } from '../random/philox.ts';
import { type FolderSource, readFolderSource } from './folder.ts';

const SUBJECTS = [
  'dog6',
  'Tom & Jerry',
  'ポチ',
  'タマ',
  'Zo\u00EB',
  'Jose\u0301',
  'a b',
  'a_b',
  '50%',
  '#1',
  'train',
  'masks',
];
const NAMES = [
  '00',
  '01',
  'IMG #1',
  'Zoe\u0308 (2)',
  'why?',
  'p=q;r,s',
  'x@2x',
  'a+b',
  '50%',
  'a.b',
  'photo_mask',
  'ÄÖ',
];
const ENDINGS = ['jpg', 'JPG', 'jpeg', 'jfif', 'png', 'webp', 'heic', 'JPG_large', 'mov', 'txt', 'json'];
const MASK_ENDINGS = ['png', 'PNG', 'jpg', 'webp'];
const CLUTTER = [
  '.DS_Store',
  '._00.jpg',
  'Thumbs.db',
  '.ipynb_checkpoints/00-checkpoint.jpg',
  '@eaDir/00.jpg/SYNOPHOTO_THUMB_SM.jpg',
];
/** Where a subject's pictures and masks lie in layouts that people have. */
const LAYOUTS: ((subject: string) => [pictures: string, masks: string][])[] = [
  (s) => [
    [`train/${s}`, `train_masks/${s}`],
    [`test/${s}`, `test_masks/${s}`],
  ],
  (s) => [
    [`set/train/${s}`, `set/train_masks/${s}`],
    [`set/test/${s}/nested`, `set/test_masks/${s}/nested`],
    ['set/negatives', 'set/negatives'],
  ],
  (s) => [
    [`${s}/train`, `${s}/train_masks`],
    [`${s}/test`, `${s}/test_masks`],
  ],
  (s) => [[s, `${s}/masks`]],
  (s) => [[`JPEGImages/480p/${s}`, `Annotations/480p/${s}`]],
  () => [['JPEGImages', 'SegmentationClass']],
  () => [['DCIM/100APPLE', 'DCIM/100APPLE/masks']],
  () => [['', 'masks']],
];

/** A folder on the disk in some layout, with anything in it that people's folders have. */
function makeFolder(root: string, random: Philox): void {
  const write = (path: string) => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    // What is in a file does not matter to its place: a broken one is one like any other.
    writeFileSync(full, random.chance(0.1) ? '' : path);
  };
  const link = (target: string, path: string) => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    symlinkSync(target, full);
  };
  const layout = random.choice(LAYOUTS);
  const subjects = random.shuffle([...SUBJECTS]).slice(0, 1 + random.int(3));
  for (const subject of subjects) {
    for (const [pictures, masks] of layout(subject)) {
      for (const name of random.shuffle([...NAMES]).slice(0, 1 + random.int(4))) {
        const at = (folder: string, file: string) => (folder ? `${folder}/${file}` : file);
        write(at(pictures, `${name}.${random.choice(ENDINGS)}`));
        const form = random.choice(['NFC', 'NFD'] as const);
        if (random.chance(0.6)) write(at(masks, `${name.normalize(form)}.${random.choice(MASK_ENDINGS)}`));
        if (random.chance(0.2)) write(at(pictures, `${name}_mask.png`));
      }
      for (const file of CLUTTER) if (random.chance(0.2)) write(pictures ? `${pictures}/${file}` : file);
    }
  }
  writeFileSync(join(root, 'notes.md'), 'x');
  if (random.chance(0.3)) link('/nowhere/at/all.jpg', 'train/dead.jpg');
  if (random.chance(0.3)) link('.', 'circle');
  if (random.chance(0.4)) write('elsewhere/linked.jpg');
  if (random.chance(0.4)) link(join(root, 'notes.md'), 'train/link/x.jpg');
  if (random.chance(0.3)) {
    const annos = { 'test/dog6/00.jpg': { class: 'dog6', split: 'test', test_split: 'pose' } };
    writeFileSync(
      join(root, 'pods_image_annos.json'),
      `${random.chance(0.5) ? '\uFEFF' : ''}${JSON.stringify(annos)}`,
    );
  }
}

/** Files as a browser gives those of a folder that is chosen: links followed, dead ones and circles not there, in any order. */
function chosenFiles(root: string, random: Philox): File[] {
  const files: File[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const name of readdirSync(folder)) {
      const full = join(folder, name);
      const stat = statSync(full, { throwIfNoEntry: false });
      if (stat?.isDirectory() && name !== 'circle') walk(full, depth + 1);
      if (!stat?.isFile()) continue;
      const content = name.endsWith('.json') ? readFileSync(full) : 'x';
      const file = new File([content], name);
      const path = `${basename(root)}/${relative(root, full)}`;
      files.push(Object.assign(file, { relativePath: path }));
    }
  };
  walk(root, 0);
  return random.shuffle(files);
}

/** What the page makes of a folder, as text. */
async function byPage(files: File[]) {
  const folder = await openFolder(files);
  const inside = (file: File | undefined) => (file ? filePath(file).split('/').slice(1).join('/') : null);
  const item = ({ file, role, mask, shift }: PhotoItem) => [role, inside(file), inside(mask), shift ?? null];
  return {
    subjects: folder.dataset.subjects.map((one) => [
      one.name,
      one.className,
      subjectItems(folder, one).map(item),
    ]),
    shared: sharedItems(folder).map(item),
    notes: folder.dataset.notes,
    told: tellLeftOut(folder.dataset.leftOut),
    problem: problemOf(() => requireTraining(folder.dataset)),
  };
}

/** What a command makes of it. */
function byCommand(source: FolderSource) {
  let problem = '';
  const listed = source.leftOut;
  try {
    const { dataset } = readFolderSource(source);
    const items = (role: string, list: { path: string; mask: string | null; shift: string | null }[]) =>
      list.map(({ path, mask, shift }) => [role, path, mask, shift]);
    const flat = (paths: string[], role: string) => paths.map((path) => [role, path, null, null]);
    return {
      subjects: dataset.subjects.map(({ name, className, train, test }) => [
        ...[name, className, [...items('train', train), ...items('test', test)]],
      ]),
      shared: [
        ...flat(Object.values(dataset.negatives).flat(), 'negative'),
        ...flat(dataset.backgrounds, 'background'),
      ],
      ...{ notes: dataset.notes, told: tellLeftOut(dataset.leftOut), problem, listed },
    };
  } catch (error) {
    problem = (error as Error).message;
    return { problem, listed };
  }
}

function problemOf(check: () => void): string {
  try {
    check();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const SEEDS = Array.from({ length: 300 }, (_, i) => i);

describe('a folder', () => {
  it('is read alike by the page and by commands; every file is taken or left out by name', async () => {
    for (const seed of SEEDS) {
      const root = mkdtempSync(join(tmpdir(), 'familiar-folder-'));
      try {
        const random = new Philox(seed);
        makeFolder(root, random);
        const source = folderSource(root);
        const page = await byPage(chosenFiles(root, random));
        const { listed, ...command } = byCommand(source);
        if (command.problem) expect(command.problem, `seed ${seed}`).toBe(page.problem);
        else expect(command, `seed ${seed}`).toEqual(page);
        for (const { path, reason } of listed)
          expect(`${path} ${reason}`).toMatch(
            /dead\.jpg a link that leads nowhere|circle a link to a folder/,
          );
        accountFor(source, seed);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }
  });
});

/** Every file has one place: picture, mask, JSON of the data set, left out by name, or the system's own. */
function accountFor({ paths, json, name }: FolderSource, seed: number): void {
  const { subjects, negatives, backgrounds, leftOut } = readFolder(
    paths,
    (path) => JSON.parse(json[path]!.replace(/^\uFEFF/, '')),
    name,
  );
  const pictures = subjects.flatMap(({ train, test, testDense }) => [
    ...train,
    ...test,
    ...(testDense ?? []),
  ]);
  const masks = new Set(pictures.flatMap(({ mask }) => (mask === null ? [] : [mask])));
  const placed = [
    ...pictures.map(({ path }) => path),
    ...masks,
    ...Object.values(negatives).flat(),
    ...backgrounds,
    ...leftOut.map(({ path }) => path),
  ];
  expect(new Set(placed).size, `seed ${seed}: twice in ${placed}`).toBe(placed.length);
  const silent = paths.filter((path) => !placed.includes(path));
  for (const path of silent) expect(path, `seed ${seed}`).toMatch(/\.DS_Store$|Thumbs\.db$|_annos\.json$/);

  const visible = paths.filter((path) => !/(^|\/)(\.|@eaDir|Thumbs)/.test(path));
  const without = readFolder(visible, (path) => JSON.parse(json[path]!.replace(/^\uFEFF/, '')), name);
  expect(without.subjects, `seed ${seed}: clutter counts`).toEqual(subjects);
}
