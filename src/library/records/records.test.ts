import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../library.ts';
import { MissingRecordError, QuotaError } from '../storage/errors.ts';
import { openIndexedDb } from '../storage/indexeddb.ts';
import { keys } from '../storage/keys.ts';
import { MemoryStore } from '../storage/memory.ts';
import {
  failingStore,
  fill,
  freshLibrary,
  freshName,
  newPhoto,
  rawKeys,
  smallMask,
} from '../testing/library.ts';

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

  it('keep their samples after the checkpoint, until they are deleted', async () => {
    const { library, databaseName } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const run = await library.runs.create(id, { settings: {}, totalSteps: 100 });
    const sample = (step: number, prompt: string) => ({ step, prompt, seed: 1, png: Uint8Array.of(step) });
    for (const step of [100, 0, 50]) await library.runs.addSample(run, sample(step, 'a dog'));
    await library.runs.addSample(run, sample(50, 'my dog'));
    await library.runs.saveCheckpoint(run, { step: 50, state: null, tensors: {} });
    await library.runs.dropCheckpoint(run);
    const again = await openLibrary({ databaseName });
    expect(again.swept).toEqual([]);
    const kept = [sample(0, 'a dog'), sample(50, 'my dog'), sample(100, 'a dog')];
    expect(await again.runs.samples(run)).toEqual(kept);
    await library.runs.remove(run);
    expect((await rawKeys(databaseName)).filter((key) => key.startsWith('data/'))).toEqual([]);
    await expect(library.runs.addSample(run, sample(1, 'a dog'))).rejects.toThrow(MissingRecordError);
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
