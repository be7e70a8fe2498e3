/** Pictures that cells are taught from and that a generator made: kept under OUT/generated, drawn once. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CellFolder } from '../cellFolder.mjs';
import { addressOf } from '../folderFiles.mjs';

/** Generated positives and negatives of an evaluation. */
export class GeneratedPools {
  #out;
  #cells;
  #inPage;
  /** Folders of the positives that this run's cells are taught from. */
  names = new Set();

  /**
   * @param {string} out folder of the evaluation, served as /out/
   * @param {CellFolder} cells writes files
   * @param {(name: string, ...given: unknown[]) => Promise<any>} inPage calls the page's evaluation
   */
  constructor(out, cells, inPage) {
    this.#out = out;
    this.#cells = cells;
    this.#inPage = inPage;
  }

  /** Folder of the positives of a cell, noted as used by this run; undefined where it takes none. */
  folder(cell, depends) {
    if (!usesGenerator(cell)) return undefined;
    const name = poolName(cell, depends);
    this.names.add(name);
    return name;
  }

  /** Addresses of kept generated images for a subject; drawn once for all seeds. */
  async positives(cell, name) {
    const { subject, file: settings } = cell;
    const kind = poolKind(cell);
    if (!existsSync(join(this.#out, name, 'pool.json'))) {
      const images = poolImages(cell);
      const asked = { ...settings, generation: { ...settings.generation, images } };
      const { files, ...about } = await this.#inPage('generate', { subject, recipe: kind, file: asked });
      this.#cells.files(files.map((picture) => ({ ...picture, name: `${name}/${picture.name}` })));
      writeFileSync(
        join(this.#out, name, 'pool.json'),
        JSON.stringify({ subject, recipe: kind, ...about }, null, 2),
      );
      console.log(`  ${subject}: kept ${about.kept} of ${about.made} generated images`);
    }
    return readdirSync(join(this.#out, name, 'positives'))
      .filter((picture) => picture.startsWith('kept-'))
      .sort()
      .slice(0, settings.generation.images)
      .map((picture) => addressOf('/out/', `${name}/positives/${picture}`));
  }

  /** Addresses of generated negatives; drawn once for all subjects of a class. */
  async negatives({ subject, file: settings }) {
    const word = await this.#inPage('classWord', { subject, file: settings });
    const { negatives: count, steps, guidance, sampler } = settings.generation;
    const digest = CellFolder.digest({ word, count, steps, guidance, sampler });
    const name = `generated/others--${word.replaceAll(/\W+/g, '_')}--${digest}`;
    const names = Array.from({ length: count }, (_, i) => `${String(i).padStart(4, '0')}.png`);
    if (!names.every((picture) => existsSync(join(this.#out, name, picture)))) {
      const files = await this.#inPage('negatives', { subject, file: settings });
      this.#cells.files(files.map((picture) => ({ ...picture, name: `${name}/${picture.name}` })));
      console.log(`  drew ${count} pictures of "a photo of a ${word}" as negatives`);
    }
    return names.map((picture) => addressOf('/out/', `${name}/${picture}`));
  }
}

/** Which DreamBooth a cell's images come from. */
function poolKind({ positives }) {
  return positives === 'dreambooth' ? 'dreambooth' : 'masked-dreambooth';
}

/**
 * Most images that the sweep asks of a generator: drawn once, and each point takes the first of them. What was asked for at
 * this point where the sweep does not vary it.
 */
function poolImages({ file: { generation, sweep } }) {
  return Math.max(generation.images, ...(sweep['generation.images'] ?? []));
}

/** Folder of the images a cell's generator makes; the same for all seeds. */
function poolName(cell, { photos, generation }) {
  const key = { subject: cell.subject, photos, ...generation, images: poolImages(cell) };
  return `generated/${cell.subject}--${poolKind(cell)}--${CellFolder.digest(key)}`;
}

function usesGenerator({ positives, file: settings }) {
  return positives.includes('dreambooth') || (positives === 'combined' && settings.generation.images > 0);
}
