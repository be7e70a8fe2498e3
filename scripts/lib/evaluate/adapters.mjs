/** Cells of adapters that are given instead of trained. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CellFolder } from '../cellFolder.mjs';

/**
 * One cell a subject that has an adapter.
 * @param {string} adapters folder of an adapter, or one that holds one folder a subject; served as /adapters/
 * @param file settings
 * @param {string[]} subjects names of those that can be judged
 * @throws Error saying what is missing
 */
export function adapterCells(adapters, file, subjects) {
  const holds = (folder) => existsSync(join(folder, 'adapter_config.json'));
  const one = holds(adapters);
  const names = (file.subjects ?? subjects).filter((name) => subjects.includes(name));
  if (one && names.length !== 1) throw new Error('One adapter is of one subject: name it with --subjects.');
  const found = names.filter((name) => one || holds(join(adapters, name)));
  if (found.length === 0)
    throw new Error(`There is no adapter_config.json in ${adapters}, nor in a folder named like a subject.`);
  return found.map((subject) => {
    const base = `/adapters/${one ? '' : `${encodeURIComponent(subject)}/`}`;
    const adapter = { weights: `${base}adapter_model.safetensors`, config: `${base}adapter_config.json` };
    const recipe = `adapter ${basename(adapters)}`;
    const folder = one ? adapters : join(adapters, subject);
    const bytes = ['adapter_model.safetensors', 'adapter_config.json'].map((part) =>
      readFileSync(join(folder, part)),
    );
    const content = CellFolder.digest(bytes.map((part) => part.toString('base64')));
    const baseline = { recipe: 'pretrained', point: {} };
    return { subject, recipe, baseline, positives: 'given', point: {}, seed: null, file, adapter, content };
  });
}
