import type { EnginePhoto } from '../../engine/protocol.ts';
import type { DatasetPicture } from '../../files/dataset/types.ts';
import { loadMask, loadPixels, problemOf } from '../personalize/images.ts';

/** Decoded pixels that are kept, in bytes, before the least recently used go. */
const CACHE_BYTES = 400 * 2 ** 20;

/** Pictures of a data set, decoded when they are asked for. A broken file is named once and then left out. */
export class PictureStore {
  readonly #url: (path: string) => string;
  readonly #onProblem: (message: string) => void;
  readonly #kept = new Map<string, EnginePhoto>();
  readonly #broken = new Set<string>();
  readonly #noted = new Set<string>();
  #bytes = 0;

  /** @param url where a path of the data set is served */
  constructor(url: (path: string) => string, onProblem: (message: string) => void) {
    this.#url = url;
    this.#onProblem = onProblem;
  }

  /** A picture with its mask, or null when it cannot be read. A mask that cannot be used is left out. */
  async get({ path, mask }: Pick<DatasetPicture, 'path' | 'mask'>): Promise<EnginePhoto | null> {
    const known = this.#kept.get(path);
    if (known) {
      this.#kept.delete(path);
      this.#kept.set(path, known);
      return known;
    }
    const pixels = await this.#try(path, () => loadPixels(this.#url(path), path));
    if (!pixels) return null;
    const photo: EnginePhoto = { key: path, pixels };
    const read = mask
      ? await this.#try(mask, () =>
          loadMask(this.#url(mask), mask, path, pixels, (note) => this.#note(mask, note)),
        )
      : null;
    if (read) photo.mask = read;
    this.#keep(path, photo);
    return photo;
  }

  /** All that can be read. */
  async all(pictures: readonly Pick<DatasetPicture, 'path' | 'mask'>[]): Promise<EnginePhoto[]> {
    const photos: EnginePhoto[] = [];
    for (const picture of pictures) {
      const photo = await this.get(picture);
      if (photo) photos.push(photo);
    }
    return photos;
  }

  async #try<T>(path: string, load: () => Promise<T>): Promise<T | null> {
    if (this.#broken.has(path)) return null;
    try {
      return await load();
    } catch (error) {
      this.#tell(path, problemOf(error, path));
      return null;
    }
  }

  #tell(path: string, problem: string): void {
    if (this.#broken.has(path)) return;
    this.#broken.add(path);
    this.#onProblem(`${path} is left out: ${problem}`);
  }

  /** How a mask was read: said for the first, as those of a data set are alike. */
  #note(mask: string, note: string): void {
    if (this.#noted.has(note)) return;
    this.#noted.add(note);
    this.#onProblem(`${mask}, and others like it: ${note}.`);
  }

  #keep(path: string, photo: EnginePhoto): void {
    this.#kept.set(path, photo);
    this.#bytes += bytesOf(photo);
    for (const [other, old] of this.#kept) {
      if (this.#bytes <= CACHE_BYTES || other === path) return;
      this.#kept.delete(other);
      this.#bytes -= bytesOf(old);
    }
  }
}

function bytesOf({ pixels, mask }: EnginePhoto): number {
  return pixels.data.byteLength + (mask?.data.byteLength ?? 0);
}
