/** A folder of photos or a data set (`--data`), read by the page's own reader. */
import { basename, join, resolve } from 'node:path';
import { addressOf } from './folderFiles.mjs';
import { listFolder } from './listFolder.mjs';
import { pageMessage } from './pageError.mjs';
import { readText } from './text.mjs';

/** Where the folder is served. */
export const DATA = '/data/';

/**
 * What the page needs to read a folder: the paths of its files, the texts of its JSON files, and what could not be listed.
 * @param {string} folder
 */
export function folderSource(folder) {
  const { paths, leftOut } = listFolder(folder);
  const json = {};
  for (const path of paths) {
    // Only the files that tell of a data set's pictures count; labels of single pictures are many.
    if (/(^|\/)(toybox|\w+_info|\w+_image_annos)\.json$/i.test(path))
      json[path] = readText(join(folder, path));
  }
  return { paths, json, leftOut, name: basename(resolve(folder)) };
}

/**
 * Read a folder in the page and say what is left out.
 * @throws Error when there is no photo to train on
 */
export async function readData(page, folder, say = console.log) {
  const source = folderSource(folder);
  const { dataset, told } = await page
    .evaluate((given) => globalThis.familiar.readFolder(given), source)
    .catch((error) => {
      throw new Error(pageMessage(error));
    });
  for (const line of told) say(line);
  return dataset;
}

/** The subject that is asked for by name, or the first that has training photos; undefined when there is none. */
export function findSubject({ subjects }, name) {
  const key = (text) => text.normalize('NFC');
  if (name !== undefined) return subjects.find((subject) => key(subject.name) === key(name));
  return subjects.find(({ train }) => train.length > 0);
}

/** The same for the value of `--subject`. @throws Error when there is no such subject, naming those there are */
export function chooseSubject(dataset, option) {
  const asked = option === undefined ? undefined : String(option);
  const chosen = findSubject(dataset, asked);
  if (chosen) return chosen;
  const known = dataset.subjects.map(({ name }) => name).join(', ');
  throw new Error(`There is no subject ${asked}. There are: ${known}.`);
}

/** Pictures of a list as names and addresses. A name is that of the file; where two share it, the path. */
export function pictures(list) {
  const counts = new Map();
  for (const { path } of list) counts.set(basename(path), (counts.get(basename(path)) ?? 0) + 1);
  return list.map(({ path, mask }) => ({
    name: counts.get(basename(path)) > 1 ? path : basename(path),
    image: addressOf(DATA, path),
    ...(mask ? { mask: addressOf(DATA, mask), maskName: mask } : {}),
  }));
}

/** Test pictures of all other subjects, evenly from each, `count` in all, named `subject/file`. */
export function othersOf({ subjects }, chosen, count) {
  const lists = subjects
    .filter(({ name }) => name !== chosen.name)
    .map(({ name, test }) =>
      pictures(test).map((picture) => ({ ...picture, name: `${name}/${picture.name}` })),
    );
  const others = [];
  for (let round = 0; others.length < count && lists.some((list) => list.length > round); round++)
    for (const list of lists) if (list[round] && others.length < count) others.push(list[round]);
  return others.map(({ name, image }) => ({ name, image }));
}

/** Pictures of other things that training may push away from. */
export function negativesOf({ negatives }) {
  const paths = Object.values(negatives).flat().sort();
  return pictures(paths.map((path) => ({ path, mask: null })));
}

/** Evenly spaced items of a list, at most `count`. */
export function spread(list, count) {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]);
}
