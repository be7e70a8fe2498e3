import type { KeyValueStore } from '../storage/store.ts';

/** What every part of the library is built on. */
export interface LibraryContext {
  store: KeyValueStore;
  /** Milliseconds since 1970; tests put in their own. */
  now: () => number;
}

/** A new random id. */
export const newId = (): string => crypto.randomUUID();
