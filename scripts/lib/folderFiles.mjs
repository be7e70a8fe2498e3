/** Serves a folder's files under their own names, whatever characters are in them. */
import { createReadStream, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * Address of a path under a prefix: every part encoded whole, so that `#`, `?`, `%`, `+` and the like stay characters of names.
 * @param {string} prefix with a slash at its end
 */
export function addressOf(prefix, path) {
  return prefix + path.split('/').map(encodeURIComponent).join('/');
}

/**
 * Answer a request for a file of a folder.
 * @param {string} folder
 * @param {string} address what follows the prefix, as it was asked for
 * @returns whether there is such a file; nothing is answered otherwise
 */
export function answerFile(folder, address, response) {
  const path = pathOf(address);
  if (path === undefined) return false;
  const full = join(folder, path);
  if (!full.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return false;
  let stat;
  try {
    stat = statSync(full);
  } catch {
    return false;
  }
  if (!stat.isFile()) return false;
  response.writeHead(200, {
    'Content-Type': TYPES[extname(full).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': stat.size,
    'Cache-Control': 'no-store',
  });
  createReadStream(full)
    .on('error', () => response.destroy())
    .pipe(response);
  return true;
}

/** The path that an address names; undefined where it is not encoded rightly. */
function pathOf(address) {
  try {
    return address
      .replace(/[?#].*$/s, '')
      .split('/')
      .map(decodeURIComponent)
      .join('/');
  } catch {
    return undefined;
  }
}
