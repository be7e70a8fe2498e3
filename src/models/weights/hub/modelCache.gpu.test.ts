import { afterEach, describe, expect, it } from 'vitest';
import { localCheckpoint } from '../files/local.ts';
import { streamCheckpoint } from '../files/streamCheckpoint.ts';
import { TINY_JSON, TINY_PARAMETERS, tinyFile, tinyTensors } from '../files/testing.ts';
import { errorOf } from '../safetensors/testing.ts';
import { cachedCheckpoint, deleteCachedModel, listCachedModels } from './cached.ts';
import { downloadModel } from './download.ts';
import { HubError } from './errors.ts';
import { browserModelCache, CACHE_NAME } from './modelCache.ts';

const ID = 'owner/tiny@refs/pr/1';
const ENDPOINT = 'https://hub.invalid';
const AT = `${ENDPOINT}/owner/tiny/resolve/refs%2Fpr%2F1/`;

/** The hub, as far as a page sees it. */
const hub: typeof fetch = async (input, init) => {
  init?.signal?.throwIfAborted();
  if (input === `${AT}config.json`) return Response.json(TINY_JSON);
  if (input === `${AT}model.safetensors`) return new Response(tinyFile(), { headers: { ETag: '"v1"' } });
  return new Response('Entry not found', { status: 404 });
};

afterEach(async () => {
  await caches.delete(CACHE_NAME);
});

describe("the browser's cache", () => {
  it('holds a downloaded model until it is deleted', async () => {
    await downloadModel(ID, { endpoint: ENDPOINT, fetch: hub });
    const bytes = tinyFile().length;
    expect(await listCachedModels()).toEqual([
      { id: ID, totalBytes: bytes, cachedBytes: bytes, complete: true },
    ]);
    const files = await cachedCheckpoint(ID);
    const written = tinyTensors();
    let count = 0;
    for await (const { name, values } of streamCheckpoint(files, TINY_PARAMETERS, 'tiny')) {
      expect([...values], name).toEqual([...written[name]!.values]);
      count++;
    }
    expect(count).toBe(Object.keys(written).length - 1);
    await deleteCachedModel(ID);
    expect(await listCachedModels()).toEqual([]);
    expect(await (await caches.open(CACHE_NAME)).keys()).toEqual([]);
    expect(await errorOf(() => cachedCheckpoint(ID))).toMatchObject({ problem: 'not-cached' });
  });

  it('keeps records apart by key, and replaces one that is put again', async () => {
    const cache = browserModelCache();
    await cache.put('a/b@main/f/0', new Uint8Array([1, 2]));
    await cache.put('a/b@main/f/1', new Uint8Array([3]));
    await cache.put('a/b@main/f/0', new Uint8Array([4]));
    expect(await cache.keys()).toEqual(expect.arrayContaining(['a/b@main/f/0', 'a/b@main/f/1']));
    expect(await cache.keys()).toHaveLength(2);
    expect(await cache.get('a/b@main/f/0')).toEqual(new Uint8Array([4]));
    expect(await cache.get('a/b@main/f/2')).toBeUndefined();
    await cache.delete('a/b@main/f/2');
  });

  it('says what to do when there is no room', async () => {
    const put = Cache.prototype.put;
    Cache.prototype.put = async () => {
      throw new DOMException('Quota exceeded.', 'QuotaExceededError');
    };
    try {
      const error = await errorOf(() => downloadModel(ID, { endpoint: ENDPOINT, fetch: hub }));
      expect(error).toBeInstanceOf(HubError);
      expect(error).toMatchObject({ problem: 'quota' });
    } finally {
      Cache.prototype.put = put;
    }
  });

  it('stops a download when aborted', async () => {
    const signal = AbortSignal.abort(new RangeError('enough'));
    const error = await errorOf(() => downloadModel(ID, { endpoint: ENDPOINT, fetch: hub, signal }));
    expect(error).toEqual(new RangeError('enough'));
    expect(await listCachedModels()).toEqual([]);
  });
});

describe('dropped files', () => {
  it('stop being read when aborted, in a browser too', async () => {
    const weights = new File([new Uint8Array(30_000_000)], 'model.safetensors');
    const config = new File([JSON.stringify(TINY_JSON)], 'config.json');
    const abort = new AbortController();
    const stream = await (await localCheckpoint([config, weights], 'x', 'o/m'))
      .weights()[0]!
      .open(abort.signal);
    const reader = stream.getReader();
    await reader.read();
    abort.abort(new RangeError('enough'));
    const error = await errorOf(async () => {
      while (!(await reader.read()).done);
    });
    expect(error).toEqual(new RangeError('enough'));
  });
});
