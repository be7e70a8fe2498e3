import { isClutter } from '../clutter.ts';
import type { LeftOut } from '../leftOut.ts';
import { byName, nameKey, stemOf } from '../names.ts';
import { isCalledPicture, mayBePicture } from '../pictures.ts';
import { type Annotations, annotations, isAnnotationFile } from './annotations.ts';
import { type Entry, entryOf, pairKey } from './entry.ts';
import { isMaskFolder, markByName, markMasks } from './markers.ts';
import { missingNotes } from './missing.ts';
import { pairMasks } from './pairMasks.ts';
import { type Placed, placePhotos, placeReference, referenceRoot } from './place.ts';
import { type FolderRole, folderRole } from './roles.ts';
import { type Dataset, DatasetError, type DatasetPicture, type DatasetSubject } from './types.ts';

const LAYOUT = 'It must hold photos, or train/{subject}/ and test/{subject}/ with photos.';

/**
 * Read what a folder holds from the paths of its files. The page and the commands read folders with this and nothing else.
 *
 * Known layouts: `{train,test}/{subject}/NN.jpg` with masks of the same stem under `{train,test}_masks`, `test_dense` and
 * `test_dense_masks` where there are any, `negatives/` flat, by class, or as `{class}_negatives/`, `backgrounds/`; class words,
 * parts and shifts from `pods_info.json`, `pods_image_annos.json` or `toybox.json`; the same with the subject's folder above
 * (`{subject}/train/NN.jpg`); DAVIS, VOC and their like (`JPEGImages/`, `Annotations/`); plain folders of photos, each a
 * subject's training photos. Masks may lie in `masks/` below the photos' folder, or beside them as `NN_mask.png`. Photos may
 * lie deeper, in folders of years or cameras.
 *
 * @param paths of all files inside the folder, with `/`
 * @param json what a JSON file holds; throwing says why it cannot be read
 * @param name of the folder
 */
export function readFolder(
  paths: readonly string[],
  json: (path: string) => unknown,
  name = 'this folder',
): Dataset {
  const leftOut: LeftOut[] = [];
  const above = saysWhatItHolds(name) ? [nameKey(name)] : [];
  const found = picturesOf(paths, leftOut).map((entry) => ({
    ...entry,
    folders: [...above, ...entry.folders],
  }));
  const entries = markByName(markMasks(oneResolution(found, leftOut), leftOut));
  const root = referenceRoot(entries);
  const placed = root ? placeReference(entries, root, leftOut) : placePhotos(entries, nameKey(name));
  const masks = pairMasks(withoutSharedMasks(placed, leftOut), leftOut);
  const notes: string[] = [];
  const facts = annotations(
    paths.filter((path) => !isClutter(path)),
    (root ?? []).slice(above.length).join('/'),
    json,
    notes,
  );
  const subjects = collectSubjects(placed, masks, facts);
  const negatives = collectNegatives(placed, subjects);
  const isReference = root !== undefined;
  if (isReference) notes.push(...missingNotes(subjects, negatives));
  const backgrounds = pathsOf(placed, 'backgrounds');
  return { name: nameKey(name), isReference, subjects, negatives, backgrounds, notes, leftOut };
}

/**
 * The same for what has to be trained on.
 * @throws DatasetError when there is no training photo
 */
export function readDataset(
  paths: readonly string[],
  json: (path: string) => unknown,
  name = 'this folder',
): Dataset {
  if (paths.length === 0) throw new DatasetError(`${name} is empty. ${LAYOUT}`);
  const dataset = readFolder(paths, json, name);
  requireTraining(dataset);
  return dataset;
}

/** @throws DatasetError when a folder holds no training photo */
export function requireTraining({ name, subjects }: Dataset): void {
  if (subjects.some(({ train }) => train.length)) return;
  throw new DatasetError(`${name} has no photos to train on. ${LAYOUT}`);
}

/** Negatives for a subject: those of its class where there are any, else all. */
export function negativesFor(
  { negatives }: Pick<Dataset, 'negatives'>,
  { className }: DatasetSubject,
): string[] {
  return negatives[className] ?? Object.values(negatives).flat();
}

/** Whether a folder's own name says what is in it: someone chose `negatives/` or `masks/` alone. */
function saysWhatItHolds(name: string): boolean {
  return folderRole(name) !== undefined || isMaskFolder(name);
}

/** Files that may be pictures, in the order of their names; others are left out. */
function picturesOf(paths: readonly string[], leftOut: LeftOut[]): Entry[] {
  return [...paths].sort(byName).flatMap((path) => {
    if (isClutter(path)) {
      // Only what could be taken for a picture is worth a word.
      if (isCalledPicture(path)) leftOut.push({ path, reason: 'put there by the system or a program' });
      return [];
    }
    if (mayBePicture(path)) return [entryOf(path)];
    if (!isAnnotationFile(path)) leftOut.push({ path, reason: 'not a picture' });
    return [];
  });
}

/** DAVIS keeps the same frames in two sizes; the smaller ones are enough. */
function oneResolution(entries: Entry[], leftOut: LeftOut[]): Entry[] {
  const keyOf = ({ folders, file }: Entry) => pairKey(folders, stemOf(file)).toLowerCase();
  const keys = new Set(entries.map(keyOf));
  return entries.filter((entry) => {
    const key = keyOf(entry);
    const small = key.replace(/(?<=^|\/)(full-resolution|(720|1080)p)(?=\/)/, '480p');
    const double = small !== key && keys.has(small);
    if (double) leftOut.push({ path: entry.path, reason: 'the same pictures are there as 480p' });
    return !double;
  });
}

/** Negatives and backgrounds are used whole: masks of theirs serve nothing. */
function withoutSharedMasks(placed: readonly Placed[], leftOut: LeftOut[]): Placed[] {
  return placed.filter(({ role, isMask, path }) => {
    const kept = !isMask || (role !== 'negatives' && role !== 'backgrounds');
    if (!kept) leftOut.push({ path, reason: 'masks of negatives and backgrounds are not used' });
    return kept;
  });
}

function collectSubjects(
  placed: readonly Placed[],
  masks: ReadonlyMap<string, string>,
  facts: Annotations,
): DatasetSubject[] {
  const own = placed.filter(({ role, isMask }) => !isMask && role !== 'negatives' && role !== 'backgrounds');
  const hasDense = own.some(({ role }) => role === 'test_dense');
  const names = [...new Set(own.map(({ subject }) => subject))].sort(byName);
  return names.map((subject) => {
    const pictures = (wanted: FolderRole): DatasetPicture[] =>
      own
        .filter((picture) => picture.role === wanted && picture.subject === subject)
        .map(({ path }) => ({ path, mask: masks.get(path) ?? null, shift: facts.shift(path) }));
    return {
      name: subject,
      className: facts.className(subject) ?? wordOf(subject),
      part: facts.part(subject),
      train: pictures('train'),
      test: pictures('test'),
      testDense: hasDense ? pictures('test_dense') : null,
    };
  });
}

function pathsOf(placed: readonly Placed[], wanted: FolderRole): string[] {
  return placed.filter(({ role, isMask }) => role === wanted && !isMask).map(({ path }) => path);
}

function collectNegatives(placed: readonly Placed[], subjects: readonly DatasetSubject[]) {
  const classes = [...new Set(subjects.map(({ className }) => className))];
  const pools: Record<string, string[]> = {};
  for (const { role, isMask, subject, file, path } of placed) {
    if (role !== 'negatives' || isMask) continue;
    const word = subject
      ? classes.find((candidate) => subject === candidate || subject === `${candidate}s`)
      : classes.find((candidate) => file.startsWith(`${candidate}-`));
    pools[word ?? ''] ??= [];
    pools[word ?? '']!.push(path);
  }
  return pools;
}

function wordOf(subject: string): string {
  return subject.replaceAll(/[_\-\d]+/g, ' ').trim() || 'thing';
}
