import { keys } from '../storage/keys.ts';
import type { LibraryContext } from './context.ts';

/** Settings of the program itself (not of a subject), by name. Values are anything that can be cloned. */
export class Settings {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  async get<T>(name: string): Promise<T | undefined> {
    return this.#context.store.get<T>(keys.setting(name));
  }

  async set(name: string, value: unknown): Promise<void> {
    await this.#context.store.write({ put: [[keys.setting(name), value]] });
  }

  async remove(name: string): Promise<void> {
    await this.#context.store.write({ remove: [keys.setting(name)] });
  }

  async all(): Promise<Record<string, unknown>> {
    const entries = await this.#context.store.entries<unknown>(keys.settings);
    return Object.fromEntries(entries.map(([key, value]) => [key.slice(keys.settings.length), value]));
  }
}
