import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = '.running';

/**
 * Claim a folder for this process until it exits. What a dead process left behind does not count.
 * @returns {number | undefined} id of the process that has it, or undefined when it is ours now
 */
export function claimFolder(folder) {
  const path = join(folder, FILE);
  const owner = ownerOf(path);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) return owner;
  writeFileSync(path, String(process.pid));
  process.on('exit', () => rmSync(path, { force: true }));
  return undefined;
}

function ownerOf(path) {
  try {
    const id = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(id) && id > 0 ? id : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return error.code === 'EPERM';
  }
}
