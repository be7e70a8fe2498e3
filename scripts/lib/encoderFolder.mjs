/** The encoder that `--encoder` names: the embedded one, a folder, or a hub id that is downloaded once. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { addressOf } from './folderFiles.mjs';
import { ROOT } from './install.mjs';

/** What a checkpoint of the hub is called: owner/name, a revision after an @. */
const HUB_ID = /^[\w.-]+\/[\w.-]+(@[\w./-]+)?$/;

/**
 * @param {string | true | undefined} chosen
 * @param {Record<string, string>} extra folders to serve; the encoder's is added
 * @throws Error when it is neither a folder nor an id of the hub
 */
export async function findEncoder(chosen, extra) {
  if (!chosen || chosen === 'embedded') return { kind: 'embedded' };
  const given = String(chosen);
  const isLocal = existsSync(given);
  if (isLocal && !statSync(given).isDirectory())
    throw new Error(`${given} is a file. Give the folder that holds config.json and the weights.`);
  if (!isLocal && !HUB_ID.test(given))
    throw new Error(`There is no folder ${given}, and it is no id of the model hub (owner/name).`);
  const folder = resolve(isLocal ? given : await downloaded(given));
  extra['/encoder/'] = folder;
  return {
    kind: 'urls',
    name: isLocal ? basename(folder) : given,
    hub: isLocal ? null : given,
    urls: encoderFiles(folder).map((name) => ({ name, url: addressOf('/encoder/', name) })),
  };
}

/** Digest of an encoder's files, so that other weights under the same name are told apart. */
export function encoderDigest({ kind }, extra) {
  const folder = kind === 'embedded' ? join(ROOT, 'public', 'models', 'encoder') : extra['/encoder/'];
  const hash = createHash('sha256');
  for (const name of encoderFiles(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 12);
}

/** Names of the files of an encoder, without hidden ones. */
function encoderFiles(folder) {
  return readdirSync(folder).filter((name) => /^[^.].*\.(json|safetensors)$/i.test(name));
}

async function downloaded(id) {
  const { hubFolder } = await import('./hubFiles.mjs');
  return hubFolder(id);
}
