/** One all-or-nothing change: removals first, then puts, in the order given. */
export interface Change {
  /** Keys that must exist, else nothing is changed and MissingRecordError is thrown. */
  requires?: readonly string[];
  remove?: readonly string[];
  /** Remove every key that begins with one of these. */
  removePrefixes?: readonly string[];
  put?: readonly (readonly [key: string, value: unknown])[];
}

/**
 * What the library needs of a database: string keys, structured-cloneable values, atomic changes. Implemented
 * on IndexedDB and in memory; tests wrap it to make it fail.
 */
export interface KeyValueStore {
  readonly kind: 'indexeddb' | 'memory';
  /** The value under a key, or undefined. @throws StorageError */
  get<T>(key: string): Promise<T | undefined>;
  /** All keys and values whose key begins with `prefix`, in key order. @throws StorageError */
  entries<T>(prefix: string): Promise<[string, T][]>;
  /** All keys that begin with `prefix` (default: all), in key order. @throws StorageError */
  keys(prefix?: string): Promise<string[]>;
  /** Apply a change completely or not at all. @throws StorageError, QuotaError, MissingRecordError */
  write(change: Change): Promise<void>;
}
