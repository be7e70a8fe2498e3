import { Adapters } from './records/adapters.ts';
import type { LibraryContext } from './records/context.ts';
import { Masks } from './records/masks.ts';
import { Photos } from './records/photos.ts';
import { Preferences } from './records/preferences.ts';
import { Runs } from './records/runs.ts';
import { Settings } from './records/settings.ts';
import { Subjects } from './records/subjects.ts';
import { QuotaError, StorageError } from './storage/errors.ts';
import { openIndexedDb } from './storage/indexeddb.ts';
import { MemoryStore } from './storage/memory.ts';
import { withQuotaCheck } from './storage/quota.ts';
import { migrate } from './storage/schema.ts';
import type { KeyValueStore } from './storage/store.ts';
import { sweepOrphans } from './storage/sweep.ts';

/** Everything that the user has in this browser. */
export interface Library {
  /** `memory`: the browser lends no storage, all is gone when the page closes. */
  readonly kind: KeyValueStore['kind'];
  /** What the user must know about where things are kept; undefined when all is well. */
  readonly notice?: string;
  /** Keys of damaged leftovers that opening cleaned away; empty as a rule. */
  readonly swept: readonly string[];
  readonly subjects: Subjects;
  readonly photos: Photos;
  readonly masks: Masks;
  readonly adapters: Adapters;
  readonly runs: Runs;
  readonly preferences: Preferences;
  readonly settings: Settings;
  /** Delete every subject and every setting. */
  eraseEverything(): Promise<void>;
}

export interface OpenOptions {
  /** Name of the IndexedDB database. */
  databaseName?: string;
  /** A store in place of IndexedDB; tests put in failing ones. */
  store?: KeyValueStore;
  now?: () => number;
}

/**
 * Open the library: bring its layout up to date, delete what has outlived the trash, clean up. Works in the
 * page and in workers. Where the browser has no IndexedDB (private windows of some), the library is in memory
 * and `notice` says so.
 *
 * @throws StorageError when the stored library is a newer program's
 */
export async function openLibrary(options: OpenOptions = {}): Promise<Library> {
  const { databaseName = 'familiar', now = Date.now } = options;
  let notice: string | undefined;
  let store = options.store;
  try {
    store ??= withQuotaCheck(await openIndexedDb(databaseName));
    if (store.kind === 'indexeddb') await migrate(store);
  } catch (error) {
    if (!isRefusal(error, store)) throw error;
    notice = `This browser window lends the page no storage (${error.message}) Everything works, but is gone when you close the page: export what you want to keep.`;
    store = new MemoryStore();
  }
  const context: LibraryContext = { store, now };
  const subjects = new Subjects(context);
  await subjects.purgeExpired();
  return {
    kind: store.kind,
    notice,
    swept: await sweepOrphans(store),
    subjects,
    photos: new Photos(context),
    masks: new Masks(context),
    adapters: new Adapters(context),
    runs: new Runs(context),
    preferences: new Preferences(context),
    settings: new Settings(context),
    eraseEverything: () => context.store.write({ removePrefixes: [''] }).then(() => migrate(context.store)),
  };
}

/** The database could not be opened at all, or has no room even for its first byte. */
function isRefusal(error: unknown, store: KeyValueStore | undefined): error is StorageError {
  return error instanceof StorageError && (store === undefined || error instanceof QuotaError);
}
