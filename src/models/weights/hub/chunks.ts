import { HubError } from './errors.ts';
import { CHUNK_BYTES, chunkKey, type ManifestFile } from './manifest.ts';
import type { ModelCache } from './modelCache.ts';
import type { ModelId } from './modelId.ts';

const chunkCount = ({ bytes }: ManifestFile): number => Math.ceil(bytes / CHUNK_BYTES);

const chunkSize = ({ bytes }: ManifestFile, n: number): number =>
  Math.min(CHUNK_BYTES, bytes - n * CHUNK_BYTES);

/** How many chunks from the file's start are in the cache. */
export function storedChunks(keys: ReadonlySet<string>, model: ModelId, file: ManifestFile): number {
  let n = 0;
  while (n < chunkCount(file) && keys.has(chunkKey(model, file.fileName, n))) n++;
  return n;
}

/** Bytes of a file that are in the cache, from its start. */
export function storedBytes(keys: ReadonlySet<string>, model: ModelId, file: ManifestFile): number {
  return Math.min(file.bytes, storedChunks(keys, model, file) * CHUNK_BYTES);
}

/** Puts a file that arrives in pieces of any size into the cache, chunk by chunk. */
export class ChunkWriter {
  readonly #cache: ModelCache;
  readonly #model: ModelId;
  readonly #file: ManifestFile;
  #stored: number;
  #chunk: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;

  /** @param stored chunks that are in the cache already */
  constructor(cache: ModelCache, model: ModelId, file: ManifestFile, stored: number) {
    this.#cache = cache;
    this.#model = model;
    this.#file = file;
    this.#stored = stored;
  }

  /** Offset in the file of the next byte that is wanted. */
  get position(): number {
    return Math.min(this.#file.bytes, this.#stored * CHUNK_BYTES) + this.#filled;
  }

  /** Take the bytes that follow. @throws HubError when there are more than the file has, or no room is left */
  async append(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.position >= this.#file.bytes) {
        throw new HubError('changed', `${this.#file.fileName} has become longer on the hub`);
      }
      this.#chunk ??= new Uint8Array(chunkSize(this.#file, this.#stored));
      const part = rest.subarray(0, this.#chunk.length - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      rest = rest.subarray(part.length);
      if (this.#filled === this.#chunk.length) await this.#store(this.#chunk);
    }
  }

  /** Begin again with the file's first byte; stored chunks are overwritten. */
  restart(): void {
    this.#stored = 0;
    this.#chunk = undefined;
    this.#filled = 0;
  }

  async #store(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#cache.put(chunkKey(this.#model, this.#file.fileName, this.#stored), chunk);
    this.#stored++;
    this.#chunk = undefined;
    this.#filled = 0;
  }
}

/**
 * A file from the cache, one chunk in memory at a time. A chunk that is missing or of the wrong size errors the stream with
 * a HubError.
 */
export function readChunks(
  cache: ModelCache,
  model: ModelId,
  file: ManifestFile,
): ReadableStream<Uint8Array> {
  let n = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (n === chunkCount(file)) return controller.close();
        const chunk = await cache.get(chunkKey(model, file.fileName, n));
        if (chunk?.length !== chunkSize(file, n)) {
          const offset = n * CHUNK_BYTES;
          throw new HubError('damaged-cache', `${file.fileName} lacks its bytes from ${offset} in the cache`);
        }
        controller.enqueue(chunk);
        n++;
      },
    },
    { highWaterMark: 0 },
  );
}
