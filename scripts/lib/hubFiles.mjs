/**
 * Files of a hub checkpoint for headless commands, kept in .cache/models. The page has its own downloader, which keeps
 * them in the browser.
 */
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ROOT } from './install.mjs';

const FILES = [
  { name: 'config.json', optional: false },
  { name: 'preprocessor_config.json', optional: true },
  { name: 'model.safetensors', optional: false },
];

/**
 * Download what is missing of a checkpoint.
 * @param {string} id such as `facebook/dinov2-small`
 * @returns the folder its files are in
 */
export async function hubFolder(id, endpoint = process.env.FAMILIAR_HUB ?? 'https://huggingface.co') {
  const folder = join(ROOT, '.cache', 'models', ...id.split('/'));
  mkdirSync(folder, { recursive: true });
  for (const { name, optional } of FILES) {
    const target = join(folder, name);
    if (existsSync(target)) continue;
    await download(`${endpoint}/${id}/resolve/main/${name}`, target, optional);
  }
  return folder;
}

async function download(url, target, optional) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Error(`${url} could not be reached (${error.cause?.code ?? error.message}). Are you online?`);
  }
  if (response.status === 404 && optional) return;
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}. Is the id right, and the model public?`);
  const total = Number(response.headers.get('content-length'));
  let done = 0;
  const count = new Transform({
    transform(chunk, _encoding, callback) {
      done += chunk.length;
      if (process.stdout.isTTY) process.stdout.write(`\r${url.split('/').pop()}: ${done} of ${total} bytes`);
      callback(null, chunk);
    },
  });
  const part = `${target}.part`;
  await pipeline(Readable.fromWeb(response.body), count, createWriteStream(part));
  if (total && statSync(part).size !== total)
    throw new Error(`${url} ended early: ${done} of ${total} bytes.`);
  renameSync(part, target);
  if (process.stdout.isTTY) process.stdout.write('\n');
}
