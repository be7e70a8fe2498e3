import { QuotaError, StorageError } from './errors.ts';
import { byteSize } from './size.ts';
import type { KeyValueStore } from './store.ts';

/** Chrome aborts a transaction with a single value over 127 MiB; we stay well below and say so by name. */
export const MAX_VALUE_BYTES = 100e6;

/** What the browser says about its room, in bytes. */
export interface StorageEstimate {
  usage?: number;
  quota?: number;
}

/** Left free beyond what a write needs: the database's own bookkeeping. */
const RESERVE_BYTES = 1e6;

/** Ask the browser for usage and quota; empty where it cannot say. */
export async function estimateStorage(): Promise<StorageEstimate> {
  try {
    return (await globalThis.navigator?.storage?.estimate?.()) ?? {};
  } catch {
    return {}; // Then a write that does not fit is told by its own abort.
  }
}

/**
 * A store that looks before it writes: a value too large for a browser, or a change for which there is no
 * room, is refused with nothing begun.
 */
export function withQuotaCheck(
  store: KeyValueStore,
  estimate: () => Promise<StorageEstimate> = estimateStorage,
): KeyValueStore {
  return {
    kind: store.kind,
    get: (key) => store.get(key),
    entries: (prefix) => store.entries(prefix),
    keys: (prefix) => store.keys(prefix),
    async write(change) {
      let needed = 0;
      for (const [key, value] of change.put ?? []) {
        const bytes = byteSize(value);
        if (bytes > MAX_VALUE_BYTES) {
          throw new StorageError(
            `"${key}" is ${Math.round(bytes / 1e6)} MB; a single value may be ${MAX_VALUE_BYTES / 1e6} MB. Nothing was written.`,
            'Use a smaller file.',
          );
        }
        needed += bytes;
      }
      if (needed > 0) {
        const { usage, quota } = await estimate();
        if (usage !== undefined && quota !== undefined && needed + RESERVE_BYTES > quota - usage) {
          throw new QuotaError(needed, quota - usage);
        }
      }
      await store.write(change);
    },
  };
}
