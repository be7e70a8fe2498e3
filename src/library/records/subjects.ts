import { MissingRecordError } from '../storage/errors.ts';
import { keys } from '../storage/keys.ts';
import type { Subject } from '../types.ts';
import { type LibraryContext, newId } from './context.ts';

/** Why a subject is out of sight, and until when its bytes are kept. */
interface Hidden {
  reason: 'trashed' | 'incomplete';
  at: number;
  purgeAfter: number;
}

type StoredSubject = Subject & { hidden?: Hidden };

export interface TrashedSubject {
  subject: Subject;
  trashedAt: number;
  /** From then on the next `purgeExpired` (or opening of the library) deletes it. */
  purgeAfter: number;
}

/** An import that has not finished in this time was cut off. */
const INCOMPLETE_LIFETIME_MS = 3_600_000;

function toSubject({ hidden: _, ...subject }: StoredSubject): Subject {
  return subject;
}

export class Subjects {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  /** All subjects in sight, oldest first. */
  async list(): Promise<Subject[]> {
    return (await this.#all()).filter(({ hidden }) => !hidden).map(toSubject);
  }

  /** A subject in sight. */
  async get(id: string): Promise<Subject | undefined> {
    const stored = await this.#context.store.get<StoredSubject>(keys.subject(id));
    return stored && !stored.hidden ? toSubject(stored) : undefined;
  }

  /** Whether there is a subject of this id, in sight or not. */
  async has(id: string): Promise<boolean> {
    return (await this.#context.store.get<StoredSubject>(keys.subject(id))) !== undefined;
  }

  async create(fields: Pick<Subject, 'name' | 'className' | 'sampleId'>): Promise<Subject> {
    const now = this.#context.now();
    const subject: Subject = { ...fields, id: newId(), createdAt: now, updatedAt: now };
    await this.#put(subject);
    return subject;
  }

  /**
   * Store a subject that is still being filled (by an import): out of sight until `complete`, and deleted at
   * a later opening of the library if that never comes.
   */
  async createIncomplete(subject: Subject): Promise<void> {
    const at = this.#context.now();
    await this.#put({
      ...subject,
      hidden: { reason: 'incomplete', at, purgeAfter: at + INCOMPLETE_LIFETIME_MS },
    });
  }

  /** Bring a subject made by `createIncomplete` into sight. */
  async complete(id: string): Promise<Subject> {
    return this.#show(id);
  }

  /** Change name or class. @throws MissingRecordError */
  async update(id: string, fields: Partial<Pick<Subject, 'name' | 'className'>>): Promise<Subject> {
    const changed = { ...(await this.#require(id)), ...fields, updatedAt: this.#context.now() };
    await this.#put(changed, id);
    return toSubject(changed);
  }

  /** Put out of sight; every byte stays until `purgeAfter` (milliseconds since 1970) or `delete`. */
  async trash(id: string, purgeAfter: number): Promise<void> {
    const at = this.#context.now();
    await this.#put({ ...(await this.#require(id)), hidden: { reason: 'trashed', at, purgeAfter } }, id);
  }

  /** Undo `trash`. @throws MissingRecordError when it was purged */
  async restore(id: string): Promise<Subject> {
    return this.#show(id);
  }

  /** What can be restored, the latest trashed first. */
  async listTrash(): Promise<TrashedSubject[]> {
    return (await this.#all())
      .filter(({ hidden }) => hidden?.reason === 'trashed')
      .map((stored) => ({
        subject: toSubject(stored),
        trashedAt: stored.hidden!.at,
        purgeAfter: stored.hidden!.purgeAfter,
      }))
      .sort((a, b) => b.trashedAt - a.trashedAt);
  }

  /**
   * Delete a subject for good, in sight or not: its record, photos, masks, adapters, runs and checkpoints,
   * in one transaction. Deleting what is not there is no error.
   */
  async delete(id: string): Promise<void> {
    await this.#context.store.write({ remove: [keys.subject(id)], removePrefixes: [keys.data(id)] });
  }

  /** Delete what has lain in the trash beyond its time, and imports that were cut off. Returns their ids. */
  async purgeExpired(): Promise<string[]> {
    const now = this.#context.now();
    const expired = (await this.#all()).filter(({ hidden }) => hidden && hidden.purgeAfter <= now);
    for (const { id } of expired) await this.delete(id);
    return expired.map(({ id }) => id);
  }

  async #show(id: string): Promise<Subject> {
    const subject = toSubject(await this.#require(id));
    await this.#put(subject, id);
    return subject;
  }

  async #all(): Promise<StoredSubject[]> {
    const entries = await this.#context.store.entries<StoredSubject>(keys.subjects);
    return entries
      .map(([, subject]) => subject)
      .sort((a, b) => a.createdAt - b.createdAt || a.name.localeCompare(b.name));
  }

  async #require(id: string): Promise<StoredSubject> {
    const subject = await this.#context.store.get<StoredSubject>(keys.subject(id));
    if (!subject) throw new MissingRecordError(keys.subject(id));
    return subject;
  }

  /** @param existingId set for a change to a record that must still be there */
  async #put(subject: StoredSubject, existingId?: string): Promise<void> {
    await this.#context.store.write({
      requires: existingId === undefined ? [] : [keys.subject(existingId)],
      put: [[keys.subject(subject.id), subject]],
    });
  }
}
