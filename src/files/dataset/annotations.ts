import { baseName, foldersOf, nameKey } from '../names.ts';

/** What a data set's JSON files say. */
export interface Annotations {
  className(subject: string): string | null;
  part(subject: string): string | null;
  /** Shift of a picture, by its path. */
  shift(path: string): string | null;
}

const INFO = /^\w+_info\.json$/i;
const TOYBOX = /^toybox\.json$/i;
const IMAGES = /^\w+_image_annos\.json$/i;

/** Whether a file tells of a data set's pictures, by its name: those that whoever reads a folder must have at hand. */
export function isAnnotationFile(path: string): boolean {
  return [INFO, TOYBOX, IMAGES].some((pattern) => pattern.test(baseName(path)));
}

/**
 * Read `*_info.json` and `*_image_annos.json` (PODS as published) or `toybox.json` beside `train/`, or in the nearest folder
 * above that has such files. A file that cannot be read, or that names pictures which are not there, is noted; what it says
 * of others counts.
 *
 * @param paths of all files
 * @param root folder that holds `train/`; empty for the outermost
 * @param notes what does not fit is added here
 */
export function annotations(
  paths: readonly string[],
  root: string,
  json: (path: string) => unknown,
  notes: string[],
): Annotations {
  const base = nearest(paths, nameKey(root));
  const prefix = base && `${base}/`;
  const below = nameKey(root) === base ? '' : `${nameKey(root).slice(prefix.length)}/`;
  const inside = new Map(
    paths.map((path) => [nameKey(path), path] as const).filter(([key]) => key.startsWith(prefix)),
  );
  const files = [...inside.keys()].map((key) => key.slice(prefix.length));
  // Files may be named from where the JSON is, or from where train/ is.
  const inRoot = (file: string) => (file.startsWith(below) ? file.slice(below.length) : file);
  const read = (pattern: RegExp): [path: string, value: Record<string, unknown>] | undefined => {
    const file = files.find((candidate) => pattern.test(candidate));
    if (!file) return undefined;
    const path = inside.get(prefix + file)!;
    try {
      const value = json(path);
      if (isRecord(value)) return [path, value];
      notes.push(`${path} is not a JSON object and is passed over.`);
    } catch (error) {
      notes.push(`${path} cannot be read and is passed over: ${(error as Error).message}`);
    }
    return undefined;
  };
  const classes = new Map<string, string>();
  const parts = new Map<string, string>();
  const shifts = new Map<string, string>();
  const info = read(INFO);
  if (info) {
    collect(info[1].class_to_sc, classes);
    collect(info[1].class_to_split, parts);
  }
  const toybox = read(TOYBOX);
  if (toybox) {
    collect(toybox[1].classes, classes);
    readToyboxShifts(toybox[1].images, shifts);
  }
  const images = read(IMAGES);
  if (images) readImageShifts(images[1], shifts);
  for (const found of [toybox, images]) {
    if (found) noteMissing(found[0], [...files, ...files.map(inRoot)], shifts, notes);
  }
  return {
    className: (subject) => classes.get(subject) ?? null,
    part: (subject) => parts.get(subject) ?? null,
    shift: (path) => {
      const file = nameKey(path).slice(prefix.length);
      for (const key of new Set([...keysOf(file), ...keysOf(inRoot(file))])) {
        const shift = shifts.get(key);
        if (shift !== undefined) return shift;
      }
      return null;
    },
  };
}

/** The folder itself, or the nearest above it, in which a file tells of pictures; itself where there is none. */
function nearest(paths: readonly string[], root: string): string {
  const homes = new Set(paths.filter(isAnnotationFile).map((path) => foldersOf(nameKey(path)).join('/')));
  for (let folder = root; ; folder = foldersOf(folder).join('/')) {
    if (homes.has(folder)) return folder;
    if (!folder) return root;
  }
}

/** `{image, shift}` entries; `image` is a path in the data set. */
function readToyboxShifts(entries: unknown, shifts: Map<string, string>): void {
  if (!Array.isArray(entries)) return;
  for (const entry of entries) {
    if (isRecord(entry) && typeof entry.image === 'string' && typeof entry.shift === 'string')
      shifts.set(withoutEnding(nameKey(entry.image)), entry.shift);
  }
}

/** PODS: image id → {class, split, test_split}. The id is taken as a path, with or without folders and ending. */
function readImageShifts(entries: Record<string, unknown>, shifts: Map<string, string>): void {
  for (const [id, entry] of Object.entries(entries)) {
    if (!isRecord(entry) || typeof entry.test_split !== 'string') continue;
    const { class: subject, split } = entry;
    const file = withoutEnding(nameKey(id));
    shifts.set(file, entry.test_split);
    if (typeof subject === 'string' && typeof split === 'string')
      shifts.set(`${split}/${nameKey(subject)}/${baseName(file)}`, entry.test_split);
  }
}

/** The names under which a picture may be known: the dense test pictures are a choice of the test pictures. */
function keysOf(path: string): string[] {
  const whole = withoutEnding(path).replace(/^test_dense\//, 'test/');
  const [, ...rest] = whole.split('/');
  return [whole, rest.join('/'), rest.at(-1) ?? ''].filter(Boolean);
}

function noteMissing(
  path: string,
  files: readonly string[],
  shifts: ReadonlyMap<string, string>,
  notes: string[],
): void {
  const known = new Set(files.flatMap(keysOf));
  const missing = [...shifts.keys()].filter(
    (key) => !known.has(key) && !keysOf(key).some((k) => known.has(k)),
  );
  if (missing.length) {
    notes.push(
      `${path} names ${missing.length} ${missing.length === 1 ? 'picture that is' : 'pictures that are'} not there, such as ${missing[0]}.`,
    );
  }
}

function collect(value: unknown, into: Map<string, string>): void {
  if (!isRecord(value)) return;
  for (const [key, word] of Object.entries(value)) if (typeof word === 'string') into.set(nameKey(key), word);
}

function withoutEnding(path: string): string {
  return path.replace(/\.[a-z]+$/i, '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
