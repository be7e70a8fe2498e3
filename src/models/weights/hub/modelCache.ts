import { HubError } from './errors.ts';

/** Keeps records of bytes under path-like keys; weights come as many records of a few MiB. */
export interface ModelCache {
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** @throws HubError when there is no room */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
  keys(): Promise<string[]>;
}

/** Name of the browser's cache. */
export const CACHE_NAME = 'familiar-models';

/** Cache keys are addresses; nothing is ever fetched from this one, which no server can have (RFC 2606). */
const KEY_ORIGIN = 'https://models.invalid/';

/** The browser's Cache API: kept for offline use, and without IndexedDB's limit on the size of a value. */
export function browserModelCache(): ModelCache {
  const open = (): Promise<Cache> => {
    if (typeof caches === 'object') return caches.open(CACHE_NAME);
    const what = 'This page may not store models, because it is not on a secure address (https or localhost)';
    throw new HubError('refused', what);
  };
  return {
    async get(key) {
      const response = await (await open()).match(KEY_ORIGIN + key);
      return response && new Uint8Array(await response.arrayBuffer());
    },
    async put(key, bytes) {
      const cache = await open();
      try {
        await cache.put(KEY_ORIGIN + key, new Response(bytes));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'QuotaExceededError') throw error;
        throw new HubError('quota', 'There is no room left for the model', undefined, { cause: error });
      }
    },
    async delete(key) {
      await (await open()).delete(KEY_ORIGIN + key);
    },
    async keys() {
      const requests = await (await open()).keys();
      return requests.map(({ url }) => url.slice(KEY_ORIGIN.length));
    },
  };
}

/** A cache that lasts as long as the program. */
export function memoryModelCache(): ModelCache {
  const records = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    get: async (key) => records.get(key),
    put: async (key, bytes) => void records.set(key, bytes.slice()),
    delete: async (key) => void records.delete(key),
    keys: async () => [...records.keys()],
  };
}
