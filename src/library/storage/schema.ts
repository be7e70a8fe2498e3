import { StorageError } from './errors.ts';
import { keys } from './keys.ts';
import type { KeyValueStore } from './store.ts';

/** Layout of the stored records that this program writes. Raise it with a migration when the layout changes. */
export const SCHEMA_VERSION = 1;

/** Brings a library from version `from` to `from + 1`. May be run again if the page closed halfway. */
export interface Migration {
  from: number;
  migrate(store: KeyValueStore): Promise<void>;
}

export const MIGRATIONS: readonly Migration[] = [];

/**
 * Bring the stored library to the current version, one migration after the other, noting each when it is done.
 * @throws StorageError for a library that a newer program wrote: it is left untouched
 */
export async function migrate(
  store: KeyValueStore,
  migrations: readonly Migration[] = MIGRATIONS,
  target: number = SCHEMA_VERSION,
): Promise<void> {
  const stored = await store.get<{ version: number }>(keys.schema);
  let version = stored?.version ?? target;
  if (version > target) {
    throw new StorageError(
      `The library in this browser was written by a newer Familiar (layout ${version}, this one knows ${target}). It was not touched.`,
      'Reload the page to get the newer program; clear the cache if it stays old.',
    );
  }
  for (; version < target; version++) {
    const migration = migrations.find(({ from }) => from === version);
    if (!migration)
      throw new StorageError(`There is no way from library layout ${version} to ${target}.`, 'Report this.');
    await migration.migrate(store);
    await store.write({ put: [[keys.schema, { version: version + 1 }]] });
  }
  if (!stored) await store.write({ put: [[keys.schema, { version: target }]] });
}
