import { createStore, promisifyRequest, type UseStore } from 'idb-keyval';
import { MissingRecordError, toStorageError } from './errors.ts';
import type { Change, KeyValueStore } from './store.ts';

/** Every key that begins with `prefix`: U+FFFF sorts after all that our keys are made of. */
const withPrefix = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

/**
 * The library's database on idb-keyval: one IndexedDB database with one object store.
 * @throws StorageError when IndexedDB is missing or refuses (private windows of some browsers)
 */
export async function openIndexedDb(databaseName: string): Promise<KeyValueStore> {
  try {
    const use = createStore(databaseName, 'records');
    await use('readonly', (store) => promisifyRequest(store.count()));
    return new IndexedDbStore(use);
  } catch (cause) {
    throw toStorageError(cause, 'be opened');
  }
}

class IndexedDbStore implements KeyValueStore {
  readonly kind = 'indexeddb';
  readonly #use: UseStore;

  constructor(use: UseStore) {
    this.#use = use;
  }

  async get<T>(key: string): Promise<T | undefined> {
    return this.#read((store) => promisifyRequest(store.get(key)));
  }

  async entries<T>(prefix: string): Promise<[string, T][]> {
    const range = withPrefix(prefix);
    const [keys, values] = await this.#read((store) =>
      Promise.all([promisifyRequest(store.getAllKeys(range)), promisifyRequest<T[]>(store.getAll(range))]),
    );
    return keys.map((key, i) => [String(key), values[i]!]);
  }

  async keys(prefix = ''): Promise<string[]> {
    const keys = await this.#read((store) => promisifyRequest(store.getAllKeys(withPrefix(prefix))));
    return keys.map(String);
  }

  async write(change: Change): Promise<void> {
    try {
      await this.#use('readwrite', (store) => apply(store, change));
    } catch (cause) {
      throw toStorageError(cause, 'write');
    }
  }

  async #read<T>(read: (store: IDBObjectStore) => PromiseLike<T>): Promise<T> {
    try {
      return await this.#use('readonly', read);
    } catch (cause) {
      throw toStorageError(cause, 'read');
    }
  }
}

/**
 * Make a change in one transaction and wait until it is committed. The reason of a failure is on the request
 * or, when the commit itself fails (quota, a value too large), on the transaction, which is then rolled back.
 */
function apply(store: IDBObjectStore, change: Change): Promise<void> {
  const { transaction } = store;
  return new Promise((resolve, reject) => {
    let failure: unknown;
    const abort = (reason: unknown) => {
      failure ??= reason;
      transaction.abort();
    };
    transaction.oncomplete = () => resolve();
    transaction.onerror = (event) => {
      failure ??= (event.target as IDBRequest).error;
    };
    transaction.onabort = () =>
      reject(failure ?? transaction.error ?? new Error('the transaction was aborted'));
    try {
      for (const key of change.requires ?? []) {
        const count = store.count(key);
        count.onsuccess = () => {
          if (count.result === 0) abort(new MissingRecordError(key));
        };
      }
      for (const key of change.remove ?? []) store.delete(key);
      for (const prefix of change.removePrefixes ?? []) store.delete(withPrefix(prefix));
      for (const [key, value] of change.put ?? []) store.put(value, key);
    } catch (error) {
      // put() throws at once for what cannot be cloned; the requests before it must not be committed.
      abort(error);
    }
  });
}
