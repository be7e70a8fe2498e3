import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { openLibrary } from './library.ts';
import { MissingRecordError } from './storage/errors.ts';
import { openIndexedDb } from './storage/indexeddb.ts';
import { keys } from './storage/keys.ts';
import { MemoryStore } from './storage/memory.ts';
import { migrate, SCHEMA_VERSION } from './storage/schema.ts';
import { fill, freshLibrary, newPhoto, rawKeys } from './testing/library.ts';

describe('subjects', () => {
  it('are created, changed, listed and found again after reopening', async () => {
    let time = 100;
    const { library, databaseName } = await freshLibrary(() => time);
    const dog = await library.subjects.create({ name: 'Biscuit', className: 'dog' });
    time = 200;
    const mug = await library.subjects.create({ name: 'Blue', className: 'mug', sampleId: 'mug' });
    time = 300;
    await library.subjects.update(dog.id, { name: 'Biscuit II' });
    const again = await openLibrary({ databaseName });
    expect(await again.subjects.list()).toEqual([
      { id: dog.id, name: 'Biscuit II', className: 'dog', createdAt: 100, updatedAt: 300 },
      mug,
    ]);
    expect(again.kind).toBe('indexeddb');
    expect(again.notice).toBeUndefined();
  });

  it('when deleted leave not one key in the database, and others whole', async () => {
    const { library, databaseName } = await freshLibrary();
    const kept = await library.subjects.create({ name: 'Kept', className: 'cat' });
    await fill(library, kept);
    const before = await rawKeys(databaseName);
    const gone = await library.subjects.create({ name: 'Gone', className: 'dog' });
    await fill(library, gone);
    expect((await rawKeys(databaseName)).length).toBeGreaterThan(before.length + 15);

    await library.subjects.delete(gone.id);
    expect(await rawKeys(databaseName)).toEqual(before);
    await library.subjects.delete(kept.id);
    expect(await rawKeys(databaseName)).toEqual(['schema']);
  });

  it('in the trash are out of sight, come back whole, and are purged when their time is over', async () => {
    let time = 1000;
    const { library, databaseName } = await freshLibrary(() => time);
    const subject = await library.subjects.create({ name: 'Biscuit', className: 'dog' });
    await fill(library, subject);
    await library.subjects.trash(subject.id, 5000);
    expect(await library.subjects.list()).toEqual([]);
    expect(await library.subjects.get(subject.id)).toBeUndefined();
    expect(await library.subjects.listTrash()).toEqual([{ subject, trashedAt: 1000, purgeAfter: 5000 }]);

    expect(await library.subjects.restore(subject.id)).toEqual(subject);
    expect(await library.subjects.list()).toEqual([subject]);
    expect(await library.photos.list(subject.id)).toHaveLength(6);

    await library.subjects.trash(subject.id, 5000);
    time = 4999;
    await openLibrary({ databaseName, now: () => time });
    expect((await library.subjects.listTrash()).length).toBe(1);
    time = 5000;
    await openLibrary({ databaseName, now: () => time });
    expect(await rawKeys(databaseName)).toEqual(['schema']);
    await expect(library.subjects.restore(subject.id)).rejects.toThrow(MissingRecordError);
  });

  it('whose import was cut off are never seen and are deleted an hour later', async () => {
    let time = 0;
    const { library, databaseName } = await freshLibrary(() => time);
    const subject = { id: 'half', name: 'Half', className: 'dog', createdAt: 0, updatedAt: 0 };
    await library.subjects.createIncomplete(subject);
    await library.photos.add('half', newPhoto('1.jpg'));
    expect(await library.subjects.list()).toEqual([]);
    expect(await library.subjects.listTrash()).toEqual([]);
    time = 3_600_000;
    await openLibrary({ databaseName, now: () => time });
    expect(await rawKeys(databaseName)).toEqual(['schema']);
  });
});

describe('opening', () => {
  it('deletes what belongs to nothing, and only that', async () => {
    const { library, databaseName } = await freshLibrary();
    const subject = await library.subjects.create({ name: 'B', className: 'dog' });
    const { photos } = await fill(library, subject);
    const whole = await rawKeys(databaseName);
    expect((await openLibrary({ databaseName })).swept).toEqual([]);
    expect(await rawKeys(databaseName)).toEqual(whole);

    const store = await openIndexedDb(databaseName);
    const [lost, noRecord] = [photos[0]!, photos[1]!];
    await store.write({
      remove: [keys.blob(subject.id, lost.id), keys.photo(subject.id, noRecord.id)],
      put: [
        [keys.photo('deleted', 'x'), {}],
        [`${keys.tensors(subject.id, 'norun')}0`, Float32Array.of(1)],
      ],
    });
    const again = await openLibrary({ databaseName });
    expect(new Set(again.swept)).toEqual(
      new Set([
        keys.photo(subject.id, lost.id),
        keys.mask(subject.id, lost.id),
        keys.blob(subject.id, noRecord.id),
        keys.photo('deleted', 'x'),
        `${keys.tensors(subject.id, 'norun')}0`,
      ]),
    );
    expect((await again.photos.list(subject.id)).map(({ id }) => id)).toEqual(
      photos.slice(2).map(({ id }) => id),
    );
    for (const photo of await again.photos.list(subject.id)) await again.photos.blob(photo);
  });

  it('refuses a library of a newer program and leaves it untouched', async () => {
    const { library, databaseName } = await freshLibrary();
    await library.subjects.create({ name: 'B', className: 'dog' });
    const store = await openIndexedDb(databaseName);
    await store.write({ put: [[keys.schema, { version: SCHEMA_VERSION + 1 }]] });
    const before = await store.entries('');
    await expect(openLibrary({ databaseName })).rejects.toThrow('written by a newer Familiar');
    expect(await store.entries('')).toEqual(before);
  });

  it('works in memory, and says so, where there is no IndexedDB', async () => {
    const real = globalThis.indexedDB;
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined, configurable: true });
    try {
      const library = await openLibrary();
      expect(library.kind).toBe('memory');
      expect(library.notice).toContain('gone when you close the page');
      const subject = await library.subjects.create({ name: 'B', className: 'dog' });
      await fill(library, subject);
      expect(await library.photos.list(subject.id)).toHaveLength(6);
    } finally {
      Object.defineProperty(globalThis, 'indexedDB', { value: real, configurable: true });
    }
  });

  it('erases everything on demand', async () => {
    const { library, databaseName } = await freshLibrary();
    await fill(library, await library.subjects.create({ name: 'B', className: 'dog' }));
    await library.settings.set('x', 1);
    await library.eraseEverything();
    expect(await rawKeys(databaseName)).toEqual(['schema']);
  });
});

describe('migrations', () => {
  it('run in order from the stored version and are noted one by one', async () => {
    const store = new MemoryStore();
    await store.write({
      put: [
        [keys.schema, { version: 1 }],
        ['log', ''],
      ],
    });
    const note = (from: number) => ({
      from,
      migrate: async () => store.write({ put: [['log', `${await store.get('log')}${from}`]] }),
    });
    await migrate(store, [note(2), note(1)], 3);
    expect(await store.get('log')).toBe('12');
    expect(await store.get(keys.schema)).toEqual({ version: 3 });

    const broken = { from: 3, migrate: () => Promise.reject(new Error('half way')) };
    await expect(migrate(store, [broken], 4)).rejects.toThrow('half way');
    expect(await store.get(keys.schema)).toEqual({ version: 3 });
    await expect(migrate(store, [], 4)).rejects.toThrow('no way from library layout 3');
  });

  it('do not run for a new library', async () => {
    const store = new MemoryStore();
    await migrate(store, [], 9);
    expect(await store.get(keys.schema)).toEqual({ version: 9 });
  });
});
