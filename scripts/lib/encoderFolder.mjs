/** The encoder that `--encoder` names: the embedded one, a folder, or a hub id that is downloaded once. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT } from './install.mjs';

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

/** Digest of an encoder's files, so that other weights under the same name are told apart. */
export function encoderDigest({ kind }, extra) {
  const folder = kind === 'embedded' ? join(ROOT, 'public', 'models', 'encoder') : extra['/encoder/'];
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    if (/\.(json|safetensors)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
