/** The encoder that `--encoder` names: the embedded one, a folder, or a hub id that is downloaded once. */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * @param {string | true | undefined} chosen
 * @param {Record<string, string>} extra folders to serve; the encoder's is added
 */
export async function findEncoder(chosen, extra) {
  if (!chosen || chosen === 'embedded') return { kind: 'embedded' };
  let folder = String(chosen);
  if (!existsSync(folder)) {
    const { hubFolder } = await import('./hubFiles.mjs');
    folder = await hubFolder(folder);
  }
  extra['/encoder/'] = resolve(folder);
  const names = readdirSync(folder).filter((name) => /\.(json|safetensors)$/.test(name));
  return {
    kind: 'urls',
    name: String(chosen),
    urls: names.map((name) => ({ name, url: `/encoder/${name}` })),
  };
}
