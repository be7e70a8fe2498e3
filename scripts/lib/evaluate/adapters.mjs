/** Cells of adapters that are given instead of trained. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CellFolder } from '../cellFolder.mjs';
import { addressOf } from '../folderFiles.mjs';

/** Files that an adapter may be in; the page chooses among them and names what is wrong. */
const CANDIDATE = /^([^.].*\.(json|safetensors)|adapter_model.*\.bin)$/i;

/**
 * One cell a subject that has an adapter.
 * @param {string} adapters folder of an adapter, or one that holds one folder a subject; served as /adapters/
 * @param file settings
 * @param {string[]} subjects names of those that can be judged
 * @throws Error saying what is missing
 */
export function adapterCells(adapters, file, subjects) {
  if (!statSync(adapters).isDirectory())
    throw new Error(`${adapters} is a file. Give the folder that the adapter's two files are in.`);
  const one = isAdapter(adapters);
  const names = (file.subjects ?? subjects).filter((name) => subjects.includes(name));
  if (one && names.length !== 1) throw new Error('One adapter is of one subject: name it with --subjects.');
  const folders = new Map(names.map((name) => [name, one ? '' : folderOf(adapters, name)]));
  const found = names.filter((name) => one || isAdapter(join(adapters, folders.get(name) ?? '')));
  if (found.length === 0)
    throw new Error(
      `There is no adapter (adapter_config.json and adapter_model.safetensors) in ${adapters}, nor in a folder named like a subject.`,
    );
  return found.map((subject) => {
    const folder = folders.get(subject);
    const path = join(adapters, folder);
    const parts = candidates(path);
    const adapter = parts.map((name) => ({
      name,
      url: addressOf('/adapters/', folder === '' ? name : `${folder}/${name}`),
    }));
    const recipe = `adapter ${basename(adapters)}`;
    const content = CellFolder.digest(parts.map((name) => readFileSync(join(path, name)).toString('base64')));
    const baseline = { recipe: 'pretrained', point: {} };
    return { subject, recipe, baseline, positives: 'given', point: {}, seed: null, file, adapter, content };
  });
}

/** The folder that is named like a subject, however its accents are coded; undefined when there is none. */
function folderOf(adapters, subject) {
  return readdirSync(adapters).find((name) => name.normalize('NFC') === subject.normalize('NFC'));
}

function isAdapter(folder) {
  const names = candidates(folder);
  const has = (pattern) => names.some((name) => pattern.test(name));
  return has(/^adapter_config.*\.json$/i) || (has(/\.json$/i) && has(/\.safetensors$/i));
}

/** What an adapter may be in, in the order of the names; nothing where there is no folder. */
function candidates(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => CANDIDATE.test(name))
      .sort();
  } catch {
    return [];
  }
}
