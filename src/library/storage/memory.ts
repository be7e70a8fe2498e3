import { MissingRecordError, toStorageError } from './errors.ts';
import type { Change, KeyValueStore } from './store.ts';

/** The library where the browser lends no database: everything works, and is gone when the page closes. */
export class MemoryStore implements KeyValueStore {
  readonly kind = 'memory';
  #values = new Map<string, unknown>();

  async get<T>(key: string): Promise<T | undefined> {
    return structuredClone(this.#values.get(key)) as T | undefined;
  }

  async entries<T>(prefix: string): Promise<[string, T][]> {
    const keys = await this.keys(prefix);
    return keys.map((key) => [key, structuredClone(this.#values.get(key)) as T]);
  }

  async keys(prefix = ''): Promise<string[]> {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async write({ requires = [], remove = [], removePrefixes = [], put = [] }: Change): Promise<void> {
    const missing = requires.find((key) => !this.#values.has(key));
    if (missing !== undefined) throw new MissingRecordError(missing);
    let copies: [string, unknown][];
    try {
      copies = put.map(([key, value]) => [key, structuredClone(value)]);
    } catch (cause) {
      throw toStorageError(cause, 'write');
    }
    for (const key of remove) this.#values.delete(key);
    for (const key of [...this.#values.keys()]) {
      if (removePrefixes.some((prefix) => key.startsWith(prefix))) this.#values.delete(key);
    }
    for (const [key, value] of copies) this.#values.set(key, value);
  }
}
