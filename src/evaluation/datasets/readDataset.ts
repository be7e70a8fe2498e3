import { annotations } from './annotations.ts';
import { type Dataset, DatasetError, type DatasetPicture, type DatasetSubject } from './types.ts';

const PICTURE = /\.(jpe?g|png|webp|avif|heic|heif)$/i;
const LAYOUT = 'It must hold train/{subject}/ and test/{subject}/ with pictures.';

/**
 * Read a data set from the paths of its files: `{train,test}/{subject}/NN.jpg`, masks of the same stem under
 * `{train,test}_masks`, `test_dense` and `test_dense_masks` where there are any, `negatives/` flat, by class, or as
 * `{class}_negatives/`, `backgrounds/`; class words, parts and shifts from `pods_info.json`, `pods_image_annos.json` or
 * `toybox.json`.
 *
 * @param paths of all files, with `/`; may share a parent folder
 * @param json what a JSON file holds; throwing says why it cannot be read
 * @throws DatasetError when there is no training picture
 */
export function readDataset(
  paths: readonly string[],
  json: (path: string) => unknown,
  name = 'this folder',
): Dataset {
  const root = findRoot(paths, name);
  const files = paths.filter((path) => path.startsWith(root)).map((path) => path.slice(root.length));
  const notes: string[] = [];
  const facts = annotations(files, (path) => json(root + path), notes);
  const tree = new Tree(files.filter((path) => PICTURE.test(path)));
  const pictures = (folder: string, subject: string): DatasetPicture[] =>
    tree.in(`${folder}/${subject}`).map((path) => ({
      path: root + path,
      mask: prefixed(root, tree.sameStem(`${folder}_masks/${subject}`, path)),
      shift: facts.shift(path),
    }));
  const hasDense = tree.folders('test_dense').length > 0;
  const trained = tree.folders('train');
  const tested = new Set([...tree.folders('test'), ...tree.folders('test_dense')]);
  const names = [...new Set([...trained, ...tested])].sort();
  const subjects: DatasetSubject[] = names.map((subject) => ({
    name: subject,
    className: facts.className(subject) ?? wordOf(subject),
    part: facts.part(subject),
    train: pictures('train', subject),
    test: pictures('test', subject),
    testDense: hasDense ? pictures('test_dense', subject) : null,
  }));
  note(
    notes,
    names.filter((subject) => !trained.includes(subject)),
    'no training pictures: they only serve as negatives',
  );
  note(
    notes,
    names.filter((subject) => !tested.has(subject)),
    'no test pictures: they are not evaluated',
  );
  const unmasked = subjects.filter(({ train }) => train.length && train.every(({ mask }) => mask === null));
  note(
    notes,
    unmasked.map(({ name: subject }) => subject),
    'no training masks: no detection, no segmentation, no Cut/Paste and no patch term for them',
  );
  const untrue = subjects.filter(({ test, testDense }) => {
    const dense = testDense ?? test;
    return dense.length > 0 && dense.every(({ mask }) => mask === null);
  });
  note(
    notes,
    untrue.map(({ name: subject }) => subject),
    'no test masks: no detection and no segmentation for them',
  );
  const negatives = readNegatives(tree, subjects, root);
  if (Object.keys(negatives).length === 0)
    notes.push('There are no negatives: training takes the bundled ones.');
  const backgrounds = tree.in('backgrounds').map((path) => root + path);
  return { name, subjects, negatives, backgrounds, notes };
}

/** Negatives for a subject: those of its class where there are any, else all. */
export function negativesFor({ negatives }: Dataset, { className }: DatasetSubject): string[] {
  return negatives[className] ?? Object.values(negatives).flat();
}

/** Paths by folder. */
class Tree {
  readonly #byFolder = new Map<string, string[]>();

  constructor(paths: readonly string[]) {
    for (const path of [...paths].sort()) {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      this.#byFolder.set(folder, [...(this.#byFolder.get(folder) ?? []), path]);
    }
  }

  /** Files directly in a folder, by name. */
  in(folder: string): string[] {
    return this.#byFolder.get(folder) ?? [];
  }

  /** Names of the folders with files directly under a parent. */
  folders(parent: string): string[] {
    return [...this.#byFolder.keys()]
      .filter((folder) => folder.startsWith(`${parent}/`) && !folder.slice(parent.length + 1).includes('/'))
      .map((folder) => folder.slice(parent.length + 1));
  }

  /** A file of a folder whose name up to the ending is that of `path`. */
  sameStem(folder: string, path: string): string | null {
    return this.in(folder).find((candidate) => stem(candidate) === stem(path)) ?? null;
  }
}

/** The folder that holds `train/`; the shallowest. */
function findRoot(paths: readonly string[], name: string): string {
  const roots = paths
    .filter((path) => PICTURE.test(path))
    .map((path) => /^(.*?)(?:^|(?<=\/))train\/[^/]+\/[^/]+$/.exec(path)?.[1])
    .filter((root) => root !== undefined)
    .sort((a, b) => a.length - b.length);
  if (roots[0] === undefined) {
    const what = paths.length === 0 ? 'is empty' : 'has no pictures in train/{subject}/';
    throw new DatasetError(`${name} ${what}. ${LAYOUT}`);
  }
  return roots[0];
}

function readNegatives(tree: Tree, subjects: readonly DatasetSubject[], root: string) {
  const classes = [...new Set(subjects.map(({ className }) => className))];
  const pools: Record<string, string[]> = {};
  const put = (word: string, path: string): void => {
    pools[word] ??= [];
    pools[word].push(root + path);
  };
  for (const path of tree.in('negatives')) {
    const file = path.slice(path.lastIndexOf('/') + 1);
    put(classes.find((word) => file.startsWith(`${word}-`)) ?? '', path);
  }
  for (const folder of tree.folders('negatives'))
    for (const path of tree.in(`negatives/${folder}`)) put(classOf(folder, classes), path);
  for (const word of classes)
    for (const folder of [`${word}_negatives`, `${word}s_negatives`])
      for (const path of tree.in(folder)) put(word, path);
  return pools;
}

/** A class by its folder's name, which may be in the plural. */
function classOf(folder: string, classes: readonly string[]): string {
  return classes.find((word) => folder === word || folder === `${word}s`) ?? '';
}

function wordOf(subject: string): string {
  return subject.replaceAll(/[_\-\d]+/g, ' ').trim() || 'thing';
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}

function prefixed(root: string, path: string | null): string | null {
  return path === null ? null : root + path;
}

/** One line for all subjects that something holds for. */
function note(notes: string[], subjects: readonly string[], what: string): void {
  if (subjects.length === 0) return;
  const shown = subjects.slice(0, 5).join(', ');
  notes.push(`${shown}${subjects.length > 5 ? ` and ${subjects.length - 5} more` : ''}: ${what}.`);
}
