/** The files of a folder, as a browser lists those of a folder that is chosen; links are followed. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of version control and packages: they hold no photos and very many files. */
const SKIPPED = new Set(['.git', 'node_modules']);

/**
 * All files below a folder, in links to folders too. What cannot be read (a link that leads nowhere or in a circle, a folder
 * without permission) is left out by name.
 * @returns {{paths: string[], leftOut: {path: string, reason: string}[]}} paths inside the folder, with `/`
 */
export function listFolder(folder) {
  const paths = [];
  const leftOut = [];
  const walk = (inside, above) => {
    for (const name of names(join(folder, inside), inside, leftOut)) {
      const path = inside ? `${inside}/${name}` : name;
      const full = join(folder, path);
      const kind = kindOf(full);
      if (kind === 'file') paths.push(path);
      else if (kind !== 'folder') leftOut.push({ path, reason: kind });
      else if (!SKIPPED.has(name)) {
        const real = realpathSync(full);
        if (above.includes(real)) leftOut.push({ path, reason: 'a link to a folder that it is in' });
        else walk(path, [...above, real]);
      }
    }
  };
  walk('', [realpathSync(folder)]);
  return { paths, leftOut };
}

function names(folder, inside, leftOut) {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    leftOut.push({ path: inside || folder, reason: `cannot be opened (${error.code})` });
    return [];
  }
}

/** `file`, `folder`, or why it is neither. */
function kindOf(path) {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return 'file';
    return stat.isDirectory() ? 'folder' : 'neither a file nor a folder';
  } catch (error) {
    if (error.code === 'ENOENT')
      return path.includes('\uFFFD') ? 'the name is not in UTF-8' : 'a link that leads nowhere';
    if (error.code === 'ELOOP') return 'a link that leads in a circle';
    return `cannot be opened (${error.code})`;
  }
}
