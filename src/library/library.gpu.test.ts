import { describe, expect, it } from 'vitest';
import { openLibrary } from './library.ts';
import { openIndexedDb } from './storage/indexeddb.ts';
import { requestPersistence, storageState } from './storage/persistence.ts';
import { fill, freshLibrary, freshName, rawKeys } from './testing/library.ts';

describe('the library in the browser’s own IndexedDB', () => {
  it('keeps everything over a reopening and deletes every byte', async () => {
    const { library, databaseName } = await freshLibrary();
    const subject = await library.subjects.create({ name: 'Biscuit', className: 'dog' });
    const { photos } = await fill(library, subject);

    const again = await openLibrary({ databaseName });
    expect(again.swept).toEqual([]);
    expect(await again.photos.list(subject.id)).toEqual(photos);
    expect((await again.photos.blob(photos[0]!)).size).toBe(photos[0]!.bytes);
    expect((await again.masks.get(photos[0]!))!.data).toHaveLength(48);
    const [run] = await again.runs.resumable(subject.id);
    expect(await again.runs.loadCheckpoint(run!)).toEqual({
      step: 10,
      state: { rng: [1, 2] },
      tensors: { 'lora.a': Float32Array.of(1, 2, 3), 'adam.m': Float32Array.of(-0.5) },
    });
    const [adapter] = await again.adapters.list(subject.id);
    expect(Object.keys(await again.adapters.files(adapter!))).toEqual([
      'adapter_model.safetensors',
      'adapter_config.json',
    ]);

    await again.subjects.delete(subject.id);
    expect(await rawKeys(databaseName)).toEqual(['schema']);
  });

  it('rolls back a change that fails halfway', async () => {
    const store = await openIndexedDb(freshName());
    await store.write({ put: [['kept', 1]] });
    const broken = store.write({
      remove: ['kept'],
      put: [
        ['a', new Uint8Array(1e6)],
        ['b', () => 0],
      ],
    });
    await expect(broken).rejects.toThrow('could not write (DataCloneError');
    expect(await store.entries('')).toEqual([['kept', 1]]);
  });

  it('keeps checkpoints that are cut into several chunks', async () => {
    const { library } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const run = await library.runs.create(id, { settings: {}, totalSteps: 2 });
    // 17 M floats, 68 MB: more than one chunk.
    const large = new Float32Array(17 * 1024 * 1024);
    for (let i = 0; i < large.length; i += 99_991) large[i] = i;
    await library.runs.saveCheckpoint(run, { step: 1, state: {}, tensors: { large } });
    const loaded = (await library.runs.loadCheckpoint(run))!.tensors.large!;
    expect(loaded.length).toBe(large.length);
    expect(loaded.every((value, i) => value === large[i])).toBe(true);
    await library.subjects.delete(id);
  });

  it('knows its usage, quota and persistence', async () => {
    const state = await storageState();
    expect(state.quota).toBeGreaterThan(0);
    expect(state.usage).toBeLessThan(state.quota!);
    expect(typeof state.persisted).toBe('boolean');
    expect(['granted', 'denied']).toContain(await requestPersistence());
  });
});
