import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { freshName } from '../testing/library.ts';
import { MissingRecordError, QuotaError, StorageError, toStorageError } from './errors.ts';
import { openIndexedDb } from './indexeddb.ts';
import { MemoryStore } from './memory.ts';
import { MAX_VALUE_BYTES, withQuotaCheck } from './quota.ts';
import { byteSize } from './size.ts';

const stores = {
  IndexedDB: () => openIndexedDb(freshName()),
  memory: async () => new MemoryStore(),
};

for (const [name, open] of Object.entries(stores)) {
  describe(`a store in ${name}`, () => {
    it('keeps values apart by key and lists them by prefix, in order', async () => {
      const store = await open();
      await store.write({
        put: [
          ['b/2', { x: 2 }],
          ['b/1', Uint8Array.of(1, 2)],
          ['a/9', 'nine'],
          ['bb/1', 0],
        ],
      });
      expect(await store.get('b/1')).toEqual(Uint8Array.of(1, 2));
      expect(await store.get('nothing')).toBeUndefined();
      expect(await store.entries('b/')).toEqual([
        ['b/1', Uint8Array.of(1, 2)],
        ['b/2', { x: 2 }],
      ]);
      expect(await store.keys()).toEqual(['a/9', 'b/1', 'b/2', 'bb/1']);
    });

    it('keeps its own copy of what it is given', async () => {
      const store = await open();
      const value = { list: [1] };
      await store.write({ put: [['k', value]] });
      value.list.push(2);
      expect(await store.get('k')).toEqual({ list: [1] });
    });

    it('removes by key and by prefix before it puts', async () => {
      const store = await open();
      await store.write({
        put: [
          ['t/1', 1],
          ['t/2', 2],
          ['u', 3],
          ['v', 4],
        ],
      });
      await store.write({ remove: ['u'], removePrefixes: ['t/'], put: [['t/1', 'new']] });
      expect(await store.entries('')).toEqual([
        ['t/1', 'new'],
        ['v', 4],
      ]);
    });

    it('changes nothing when a required key is missing', async () => {
      const store = await open();
      await store.write({ put: [['kept', 1]] });
      const change = { requires: ['kept', 'gone'], remove: ['kept'], put: [['new', 2] as const] };
      await expect(store.write(change)).rejects.toThrow(MissingRecordError);
      await expect(store.write(change)).rejects.toThrow('"gone" is not in the library');
      expect(await store.entries('')).toEqual([['kept', 1]]);
    });

    it('changes nothing when one of the values cannot be stored', async () => {
      const store = await open();
      await store.write({ put: [['kept', 1]] });
      const change = {
        removePrefixes: ['kept'],
        put: [
          ['fine', 1],
          ['broken', () => 0],
        ] as const,
      };
      await expect(store.write(change)).rejects.toThrow(StorageError);
      expect(await store.entries('')).toEqual([['kept', 1]]);
    });
  });
}

describe('two connections to one database', () => {
  it('see each other’s changes', async () => {
    const name = freshName();
    const [one, two] = [await openIndexedDb(name), await openIndexedDb(name)];
    await one.write({ put: [['k', 1]] });
    expect(await two.get('k')).toBe(1);
  });
});

describe('the quota check', () => {
  const estimate = (usage: number, quota: number) => async () => ({ usage, quota });

  it('refuses before it writes when there is no room, with the numbers', async () => {
    const inner = new MemoryStore();
    await inner.write({ put: [['kept', 1]] });
    const store = withQuotaCheck(inner, estimate(95e6, 100e6));
    await expect(
      store.write({ remove: ['kept'], put: [['big', new Uint8Array(6e6)]] }),
    ).rejects.toMatchObject({
      name: 'QuotaError',
      neededBytes: 6e6,
      availableBytes: 5e6,
      message: expect.stringContaining('6.0 MB are needed, 5.0 MB are free'),
      remedy: expect.stringContaining('export subjects'),
    });
    expect(await store.keys()).toEqual(['kept']);
    await store.write({ put: [['small', new Uint8Array(3e6)]] });
    expect(await store.keys()).toEqual(['kept', 'small']);
  });

  it('lets removals through when the disk is full: they are the remedy', async () => {
    const inner = new MemoryStore();
    await inner.write({ put: [['k', 1]] });
    await withQuotaCheck(inner, estimate(100, 100)).write({ remove: ['k'] });
    expect(await inner.keys()).toEqual([]);
  });

  it('refuses a single value that browsers choke on, by name', async () => {
    const store = withQuotaCheck(new MemoryStore(), async () => ({}));
    const value = { data: new Uint8Array(MAX_VALUE_BYTES) };
    await expect(store.write({ put: [['huge', value]] })).rejects.toThrow('"huge" is 100 MB');
  });

  it('writes where the browser gives no estimate', async () => {
    const store = withQuotaCheck(new MemoryStore(), async () => ({}));
    await store.write({ put: [['k', new Uint8Array(10)]] });
    expect(await store.keys()).toEqual(['k']);
  });
});

describe('errors', () => {
  it('are told apart by their cause', () => {
    const full = toStorageError(new DOMException('full', 'QuotaExceededError'), 'write');
    expect(full).toBeInstanceOf(QuotaError);
    expect(full.message).toContain('no room left');
    const other = toStorageError(new DOMException('closing', 'InvalidStateError'), 'read');
    expect(other).not.toBeInstanceOf(QuotaError);
    expect(other.message).toBe('The library could not read (InvalidStateError: closing).');
    expect(toStorageError(other, 'write')).toBe(other);
  });
});

describe('byteSize', () => {
  it('counts binary data exactly wherever it lies', () => {
    expect(byteSize(new Float32Array(10))).toBe(40);
    expect(byteSize(new Blob(['abc']))).toBe(3);
    expect(byteSize({ a: [new Uint8Array(1000)] })).toBeGreaterThanOrEqual(1000);
    expect(byteSize({ a: [new Uint8Array(1000)] })).toBeLessThan(1100);
    expect(byteSize('four')).toBe(8);
  });
});
