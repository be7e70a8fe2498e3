/** The data set of an evaluation as the page reads it: names of its files, and what its JSON files hold. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { CellFolder } from '../cellFolder.mjs';
import { ROOT } from '../install.mjs';

/**
 * @param {string} data folder of the data set, served as /data/
 * @param encoder where the page finds the encoder
 * @param file settings
 * @param {'auto' | 'cpu' | 'gpu'} backend what computes
 */
export function source(data, encoder, file, backend) {
  const paths = listFiles(data);
  const json = {};
  for (const path of paths.filter((name) => name.endsWith('.json') && !name.includes('/')))
    json[path] = readFileSync(join(data, path), 'utf8');
  const samples = JSON.parse(readFileSync(join(ROOT, 'public', 'samples', 'index.json'), 'utf8'));
  const at = (image) => `/samples/${image}`;
  return {
    ...{ backend, encoder, paths, json, name: basename(data), base: '/data/', progress: 'familiarProgress' },
    bundled: { negatives: samples.negatives.map(at), backgrounds: samples.backgrounds.map(at) },
    ...{ part: file.part, tests: file.tests },
  };
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** Digest of what pictures there are: other pictures or masks under the same name are another data set. */
export function pictureDigest(data) {
  const files = listFiles(data).filter((path) => /\.(jpe?g|png|webp|avif|heic|heif|json)$/i.test(path));
  return CellFolder.digest(files.sort().map((path) => [path, statSync(join(data, path)).size]));
}
