/** The data set of an evaluation as the page reads it: names of its files, and what its JSON files hold. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CellFolder } from '../cellFolder.mjs';
import { DATA, folderSource } from '../dataFolder.mjs';
import { ROOT } from '../install.mjs';
import { listFolder } from '../listFolder.mjs';
import { readJson } from '../text.mjs';

/**
 * @param {string} data folder of the data set, served as /data/
 * @param encoder where the page finds the encoder
 * @param file settings
 * @param {'auto' | 'cpu' | 'gpu'} backend what computes
 */
export function source(data, encoder, file, backend) {
  const samples = readJson(join(ROOT, 'public', 'samples', 'index.json'));
  const at = (image) => `/samples/${image}`;
  return {
    ...{ backend, encoder, folder: folderSource(data), base: DATA, progress: 'familiarProgress' },
    bundled: { negatives: samples.negatives.map(at), backgrounds: samples.backgrounds.map(at) },
    ...{ part: file.part, tests: file.tests },
  };
}

const COUNTED = /(^|\/)[^./][^/]*\.(jpe?g|jfif|png|webp|avif|heic|heif|json)$/i;

/** Digest of what pictures there are: other pictures or masks under the same name are another data set. */
export function pictureDigest(data) {
  const paths = listFolder(data).paths.filter((path) => COUNTED.test(path));
  return CellFolder.digest(paths.sort().map((path) => [path, statSync(join(data, path)).size]));
}
