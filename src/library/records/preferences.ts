import { keys } from '../storage/keys.ts';
import type { LibraryContext } from './context.ts';

/**
 * What was last chosen for a subject, by name: anything that can be cloned. It goes with the subject when that is deleted,
 * and is no part of an export.
 */
export class Preferences {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  async get(subjectId: string, name: string): Promise<unknown> {
    return this.#context.store.get<unknown>(keys.preference(subjectId, name));
  }

  /** @throws MissingRecordError when the subject is gone */
  async set(subjectId: string, name: string, value: unknown): Promise<void> {
    await this.#context.store.write({
      requires: [keys.subject(subjectId)],
      put: [[keys.preference(subjectId, name), value]],
    });
  }
}
