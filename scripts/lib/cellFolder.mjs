/**
 * Finished cells of `npm run evaluate` on disk: one JSON file each under OUT/cells, with a digest of everything its
 * numbers depend on, so that a run with other settings does not take old numbers for its own.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export class CellFolder {
  #out;
  #common;
  /** Cells this run has found or made, by name. */
  #cells = new Map();

  /** @param {object} common what all cells' numbers depend on: encoder, adapter, maps, data set */
  constructor(out, common) {
    this.#out = out;
    this.#common = common;
    mkdirSync(join(out, 'cells'), { recursive: true });
  }

  /** Short digest of a JSON value; the order of its keys does not count. */
  static digest(value) {
    return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex').slice(0, 12);
  }

  /** Whether a cell with these settings is done; a damaged file is not. */
  has(name, key) {
    if (this.#cells.has(name)) return true;
    const path = this.#path(name);
    if (!existsSync(path)) return false;
    try {
      const { digest, ...cell } = JSON.parse(readFileSync(path, 'utf8'));
      if (digest !== this.#digest(key)) return false;
      this.#cells.set(name, cell);
      return true;
    } catch {
      return false;
    }
  }

  /** Write a cell and its files; returns it. */
  write(name, key, { files, ...cell }) {
    this.files(files);
    writeFileSync(this.#path(name), JSON.stringify({ digest: this.#digest(key), ...cell }));
    this.#cells.set(name, cell);
    return cell;
  }

  /** Write files that came from the page. */
  files(list) {
    for (const { name, base64 } of list) {
      mkdirSync(dirname(join(this.#out, name)), { recursive: true });
      writeFileSync(join(this.#out, name), Buffer.from(base64, 'base64'));
    }
  }

  /** Cells of this run so far. */
  all() {
    return [...this.#cells.values()];
  }

  /** What generators made, by folder; those that are not done are left out. */
  pools(names) {
    return names
      .map((name) => join(this.#out, name, 'pool.json'))
      .filter((path) => existsSync(path))
      .map((path) => JSON.parse(readFileSync(path, 'utf8')));
  }

  #path(name) {
    return join(this.#out, 'cells', `${name}.json`);
  }

  #digest(key) {
    return CellFolder.digest([this.#common, key]);
  }
}

/** For JSON.stringify: objects with their keys in order. */
function sorted(_, value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
