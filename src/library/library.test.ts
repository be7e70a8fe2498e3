import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { openLibrary } from './library.ts';
import { MissingRecordError, QuotaError } from './storage/errors.ts';
import { openIndexedDb } from './storage/indexeddb.ts';
import { keys } from './storage/keys.ts';
import { MemoryStore } from './storage/memory.ts';
import { migrate, SCHEMA_VERSION } from './storage/schema.ts';
import {
  failingStore,
  fill,
  freshLibrary,
  freshName,
  newPhoto,
  rawKeys,
  smallMask,
} from './testing/library.ts';

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

describe('photos', () => {
  it('give back their bytes and what is said about them', async () => {
    const { library } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const given = newPhoto('a.jpg', { role: 'test', shift: 'pose', isSubject: true });
    const photo = await library.photos.add(id, given);
    expect(photo).toMatchObject({
      name: 'a.jpg',
      role: 'test',
      shift: 'pose',
      isSubject: true,
      bytes: given.blob.size,
    });
    expect(photo).not.toHaveProperty('blob');
    const blob = await library.photos.blob(photo);
    expect(blob.type).toBe('image/png');
    expect(await blob.bytes()).toEqual(await given.blob.bytes());
    await library.photos.update(photo, { role: 'train' });
    expect(await library.photos.list(id, 'test')).toEqual([]);
    expect((await library.photos.list(id, 'train'))[0]).toMatchObject({ id: photo.id, role: 'train' });
  });

  it('are removed with their mask, and put back with it', async () => {
    const { library, databaseName } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const before = await rawKeys(databaseName);
    const photo = await library.photos.add(id, newPhoto('a.jpg'));
    const mask = smallMask(photo);
    await library.masks.put(photo, mask, 'edited');
    const removed = await library.photos.remove(photo);
    expect(await rawKeys(databaseName)).toEqual(before);
    await library.photos.putBack(removed);
    expect(await library.photos.list(id)).toEqual([photo]);
    expect(await library.masks.get(photo)).toEqual(mask);
    expect((await library.photos.blob(photo)).size).toBe(photo.bytes);
  });

  it('cannot be added to a subject that is gone', async () => {
    const { library, databaseName } = await freshLibrary();
    await expect(library.photos.add('nobody', newPhoto('a.jpg'))).rejects.toThrow(MissingRecordError);
    expect(await rawKeys(databaseName)).toEqual(['schema']);
  });

  it('are stored picture first, record second, in one change', async () => {
    const inner = new MemoryStore();
    const changes: string[][] = [];
    const watched = failingStore(
      inner,
      (change) => {
        changes.push((change.put ?? []).map(([key]) => key.split('/')[2] ?? key));
        return false;
      },
      new Error('never'),
    );
    const library = await openLibrary({ store: watched });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    await library.photos.add(id, newPhoto('a.jpg'));
    expect(changes.at(-1)).toEqual(['blob', 'photo']);
  });

  it('that do not fit leave everything as it was', async () => {
    const inner = await openIndexedDb(freshName());
    let full = false;
    const library = await openLibrary({
      store: failingStore(inner, (change) => full && !!change.put, new QuotaError(5, 1)),
    });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const photo = await library.photos.add(id, newPhoto('a.jpg'));
    const before = await inner.entries('');
    full = true;
    await expect(library.photos.add(id, newPhoto('b.jpg'))).rejects.toThrow(QuotaError);
    await expect(library.masks.put(photo, smallMask(photo), 'edited')).rejects.toThrow(QuotaError);
    expect(await inner.entries('')).toEqual(before);
  });
});

describe('masks', () => {
  it('must have the size of their photo', async () => {
    const { library } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const photo = await library.photos.add(id, newPhoto('a.jpg'));
    const wrong = smallMask({ width: 6, height: 8 });
    await expect(library.masks.put(photo, wrong, 'edited')).rejects.toThrow(
      'The mask is 6 × 8, but a.jpg is 8 × 6.',
    );
    await library.masks.put(photo, smallMask(photo), 'proposed');
    expect(await library.masks.list(id)).toMatchObject([{ photoId: photo.id, source: 'proposed', width: 8 }]);
    await library.masks.remove(photo);
    expect(await library.masks.get(photo)).toBeUndefined();
  });
});

describe('adapters', () => {
  it('give back their files and refuse names that are no file names', async () => {
    const { library } = await freshLibrary();
    const subject = await library.subjects.create({ name: 'B', className: 'dog' });
    await fill(library, subject);
    const [adapter] = await library.adapters.list(subject.id);
    expect(adapter!.files).toEqual([
      { name: 'adapter_model.safetensors', bytes: 10 },
      { name: 'adapter_config.json', bytes: 7 },
    ]);
    const files = await library.adapters.files(adapter!);
    expect(new TextDecoder().decode(files['adapter_config.json'])).toBe('{"r":8}');
    await library.adapters.update(adapter!, { name: 'second', scores: { auc: 1 } });
    expect(await library.adapters.get(adapter!)).toMatchObject({
      name: 'second',
      scores: { auc: 1 },
      settings: { rank: 8 },
    });
    const fields = { name: 'x', encoderId: 'e', settings: {} };
    await expect(library.adapters.add(subject.id, fields, { '../x': new Uint8Array(1) })).rejects.toThrow(
      '"../x"',
    );
    await library.adapters.remove(adapter!);
    expect(await library.adapters.list(subject.id)).toEqual([]);
  });
});

describe('runs', () => {
  it('go on from their last whole checkpoint', async () => {
    const { library, databaseName } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const run = await library.runs.create(id, { settings: { seed: 7 }, totalSteps: 100 });
    expect(await library.runs.loadCheckpoint(run)).toBeUndefined();
    expect(await library.runs.resumable(id)).toEqual([]);
    const weights = Float32Array.of(0.1, -2, Number.NaN);
    await library.runs.saveCheckpoint(run, { step: 5, state: { a: 1 }, tensors: { w: new Float32Array(9) } });
    await library.runs.saveCheckpoint(
      run,
      { step: 10, state: { a: 2 }, tensors: { w: weights } },
      { status: 'paused' },
    );

    const again = await openLibrary({ databaseName });
    const [resumable] = await again.runs.resumable(id);
    expect(resumable).toMatchObject({
      id: run.id,
      step: 10,
      checkpointStep: 10,
      status: 'paused',
      settings: { seed: 7 },
    });
    expect(await again.runs.loadCheckpoint(run)).toEqual({
      step: 10,
      state: { a: 2 },
      tensors: { w: weights },
    });

    await library.runs.update(run, { status: 'finished' });
    expect(await library.runs.resumable(id)).toEqual([]);
    await library.runs.dropCheckpoint(run);
    expect((await rawKeys(databaseName)).filter((key) => key.startsWith('data/'))).toEqual([
      keys.run(id, run.id),
    ]);
  });

  it('keep the old checkpoint when the new one does not fit', async () => {
    let full = false;
    const inner = new MemoryStore();
    const library = await openLibrary({ store: failingStore(inner, () => full, new QuotaError(9, 1)) });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const run = await library.runs.create(id, { settings: {}, totalSteps: 9 });
    const first = { step: 1, state: null, tensors: { w: Float32Array.of(1) } };
    await library.runs.saveCheckpoint(run, first);
    full = true;
    await expect(library.runs.saveCheckpoint(run, { ...first, step: 2 })).rejects.toThrow(QuotaError);
    expect(await library.runs.loadCheckpoint(run)).toEqual(first);
  });

  it('write nothing once their subject was deleted', async () => {
    const { library, databaseName } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const run = await library.runs.create(id, { settings: {}, totalSteps: 9 });
    await library.subjects.delete(id);
    const checkpoint = { step: 1, state: null, tensors: { w: Float32Array.of(1) } };
    await expect(library.runs.saveCheckpoint(run, checkpoint)).rejects.toThrow(MissingRecordError);
    await expect(library.runs.update(run, { step: 3 })).rejects.toThrow(MissingRecordError);
    expect(await rawKeys(databaseName)).toEqual(['schema']);
  });
});

describe('settings', () => {
  it('are kept by name', async () => {
    const { library } = await freshLibrary();
    await library.settings.set('theme', { dark: true });
    await library.settings.set('encoder', 'embedded');
    expect(await library.settings.get('theme')).toEqual({ dark: true });
    expect(await library.settings.all()).toEqual({ theme: { dark: true }, encoder: 'embedded' });
    await library.settings.remove('theme');
    expect(await library.settings.get('theme')).toBeUndefined();
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
