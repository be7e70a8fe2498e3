import { describe, expect, it, vi } from 'vitest';
import { readVitConfig } from '../../vit/families/index.ts';
import { parametersOf, tensorShapes } from '../../vit/parameters.ts';
import { streamCheckpoint } from '../files/streamCheckpoint.ts';
import { TINY_JSON, TINY_PARAMETERS, tinyShards } from '../files/testing.ts';
import { errorOf } from '../safetensors/testing.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { cachedCheckpoint, deleteCachedModel, listCachedModels } from './cached.ts';
import { type DownloadOptions, downloadModel } from './download.ts';
import { HubError } from './errors.ts';
import { CHUNK_BYTES } from './manifest.ts';
import { type ModelCache, memoryModelCache } from './modelCache.ts';
import { cutAfter, type HubFile, startHub, type TestHub } from './testing.ts';

/** Three layers of DINOv2-S: 24 MB, which is two whole chunks and a part. */
const CONFIG_JSON = {
  model_type: 'dinov2',
  hidden_size: 384,
  num_hidden_layers: 3,
  num_attention_heads: 6,
  image_size: 518,
};
const CONFIG = readVitConfig(CONFIG_JSON);
const AT = 'o/m/resolve/main/';
const WEIGHTS = `${AT}model.safetensors`;

/** Weights in which every number says where it belongs. */
function weights(version: number): HubFile {
  let next = version;
  const tensors = [...tensorShapes(CONFIG)].map(([name, shape]) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    for (let i = 0; i < values.length; i++) values[i] = next++;
    return [name, { shape, values }] as const;
  });
  return { bytes: writeSafetensors(Object.fromEntries(tensors)), etag: `"v${version}"` };
}

const FIRST = weights(1);
const SECOND = weights(2);
const SIZE = FIRST.bytes.length;
const json = (value: unknown) => ({ bytes: new TextEncoder().encode(JSON.stringify(value)) });
const hubWith = (file: HubFile) => startHub({ [`${AT}config.json`]: json(CONFIG_JSON), [WEIGHTS]: file });

async function stored(cache: ModelCache): Promise<Uint8Array> {
  const [file] = (await cachedCheckpoint('o/m', cache)).weights();
  return new Uint8Array(await new Response(await file!.open()).arrayBuffer());
}

/** Whether two arrays are equal, by a comparison that is fast for megabytes. */
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

const download = (hub: TestHub, cache: ModelCache, options: DownloadOptions = {}) =>
  downloadModel('o/m', { endpoint: hub.endpoint, cache, retryDelays: [1, 1, 1], ...options });

/** Ranges in which the weights were asked for, after the look at their header. */
const ranges = (hub: TestHub) =>
  hub.requests.filter(({ path }) => path === WEIGHTS).map(({ range }) => range);

/** Download until `bytes` have arrived, then cancel. */
async function cancelAfter(hub: TestHub, cache: ModelCache, bytes: number): Promise<void> {
  const abort = new AbortController();
  const onProgress = (done: number) => {
    if (done >= bytes) abort.abort(new RangeError('cancelled'));
  };
  const error = await errorOf(() => download(hub, cache, { signal: abort.signal, onProgress }));
  expect(error).toEqual(new RangeError('cancelled'));
}

describe('downloadModel', () => {
  it('brings a model into the cache, with progress to the byte', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    const onProgress = vi.fn<(done: number, total: number) => void>();
    const files = await download(hub, cache, { onProgress });
    expect(files).toMatchObject({ id: 'o/m', config: CONFIG_JSON, preprocessor: null, totalBytes: SIZE });
    expect(same(await stored(cache), FIRST.bytes)).toBe(true);
    const done = onProgress.mock.calls.map(([bytes]) => bytes);
    expect(done[0]).toBe(0);
    expect(done.at(-1)).toBe(SIZE);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.length).toBeGreaterThan(10);
    expect(onProgress.mock.calls.every(([, total]) => total === SIZE)).toBe(true);
    let tensors = 0;
    for await (const { values } of streamCheckpoint(files, parametersOf(CONFIG), 'dinov2'))
      tensors += Number(values.length > 0);
    expect(tensors).toBe(tensorShapes(CONFIG).size);
  });

  it('asks for nothing when the model is there, and works without a network then', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    await download(hub, cache);
    const before = hub.requests.length;
    const offline = vi.fn<typeof fetch>().mockRejectedValue(new TypeError('fetch failed'));
    expect((await download(hub, cache, { fetch: offline })).totalBytes).toBe(SIZE);
    expect(offline).not.toHaveBeenCalled();
    expect(hub.requests).toHaveLength(before);
  });

  it('goes on after a cancelled attempt with the chunk that was not complete', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    await cancelAfter(hub, cache, CHUNK_BYTES + 1_000_000);
    expect(await listCachedModels(cache)).toEqual([
      { id: 'o/m', totalBytes: SIZE, cachedBytes: CHUNK_BYTES, complete: false },
    ]);
    const error = await errorOf(() => cachedCheckpoint('o/m', cache));
    expect(error).toMatchObject({ problem: 'not-cached' });
    expect(error.message).toContain('o/m is only partly on this device');
    hub.requests.length = 0;
    const onProgress = vi.fn<(done: number, total: number) => void>();
    await download(hub, cache, { onProgress });
    expect(onProgress.mock.calls[0]).toEqual([CHUNK_BYTES, SIZE]);
    expect(ranges(hub)).toEqual([`bytes=${CHUNK_BYTES}-`]);
    expect(same(await stored(cache), FIRST.bytes)).toBe(true);
  });

  it('takes a cut connection up again at the very byte', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    let visits = 0;
    hub.misbehave = (path, request, response) => {
      // The first visit looks at the header; the next four, more than failures in a row may be, are cut.
      if (path !== WEIGHTS || ++visits === 1 || visits > 5) return false;
      const from = Number(/\d+/.exec(request.headers.range ?? '0')![0]);
      cutAfter(response, FIRST, from, 3_000_001);
      return true;
    };
    await download(hub, cache);
    const starts = [3_000_001, 6_000_002, 9_000_003, 12_000_004].map((start) => `bytes=${start}-`);
    expect(ranges(hub)).toEqual([undefined, undefined, ...starts]);
    expect(same(await stored(cache), FIRST.bytes)).toBe(true);
  });

  it('gives up after so many failures in a row, and keeps what it has', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    await cancelAfter(hub, cache, CHUNK_BYTES + 1);
    hub.requests.length = 0;
    hub.misbehave = (path, _, response) => {
      if (path === WEIGHTS) response.destroy();
      return path === WEIGHTS;
    };
    const error = await errorOf(() => download(hub, cache));
    expect(error).toMatchObject({ problem: 'network' });
    expect(error.message).toContain('what has arrived is kept');
    expect(ranges(hub)).toHaveLength(4);
    expect((await listCachedModels(cache))[0]!.cachedBytes).toBe(CHUNK_BYTES);
  });

  it('starts afresh when the file has changed meanwhile', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    await cancelAfter(hub, cache, CHUNK_BYTES + 1);
    hub.files.set(WEIGHTS, SECOND);
    await download(hub, cache);
    expect(same(await stored(cache), SECOND.bytes)).toBe(true);
  });

  it('starts afresh when the file has become shorter than what is here', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    await cancelAfter(hub, cache, 2 * CHUNK_BYTES + 1);
    const short = { ...CONFIG_JSON, num_hidden_layers: 1 };
    const names = tensorShapes(readVitConfig(short));
    const tensors = [...names].map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { shape, values: new Float32Array(size) }];
    });
    const bytes = writeSafetensors(Object.fromEntries(tensors));
    expect(bytes.length).toBeLessThan(2 * CHUNK_BYTES);
    hub.files.set(`${AT}config.json`, json(short));
    hub.files.set(WEIGHTS, { bytes, etag: '"short"' });
    await download(hub, cache);
    expect(same(await stored(cache), bytes)).toBe(true);
    expect(await listCachedModels(cache)).toEqual([
      { id: 'o/m', totalBytes: bytes.length, cachedBytes: bytes.length, complete: true },
    ]);
  });

  it('takes whole files from a server that knows no ranges', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    hub.withoutRanges = true;
    await cancelAfter(hub, cache, CHUNK_BYTES + 1);
    hub.requests.length = 0;
    await download(hub, cache);
    expect(ranges(hub)).toEqual([`bytes=${CHUNK_BYTES}-`]);
    expect(same(await stored(cache), FIRST.bytes)).toBe(true);
  });

  it('does not join parts of files that nothing tells apart', async () => {
    const [hub, cache] = [await hubWith({ bytes: FIRST.bytes }), memoryModelCache()];
    await cancelAfter(hub, cache, CHUNK_BYTES + 1);
    hub.files.set(WEIGHTS, { bytes: SECOND.bytes });
    await download(hub, cache);
    expect(same(await stored(cache), SECOND.bytes)).toBe(true);
  });

  it('passes on that there is no room, and goes on when there is', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    let full = true;
    const small: ModelCache = {
      ...cache,
      put: async (key, bytes) => {
        if (full && key.endsWith('/1')) throw new HubError('quota', 'There is no room left for the model');
        await cache.put(key, bytes);
      },
    };
    const error = await errorOf(() => download(hub, small));
    expect(error).toMatchObject({ problem: 'quota' });
    expect(error.message).toContain('Delete a downloaded model');
    full = false;
    hub.requests.length = 0;
    await download(hub, small);
    expect(ranges(hub)).toEqual([`bytes=${CHUNK_BYTES}-`]);
    expect(same(await stored(cache), FIRST.bytes)).toBe(true);
  });
});

describe('models in the cache', () => {
  it('come in several files too, at a revision', async () => {
    const { index, shards } = tinyShards();
    const at = 'o/m/resolve/v1/';
    const hub = await startHub({
      [`${at}config.json`]: json(TINY_JSON),
      [`${at}model.safetensors.index.json`]: { bytes: new TextEncoder().encode(index) },
      ...Object.fromEntries(
        Object.entries(shards).map(([name, bytes]) => [at + name, { bytes, etag: name }]),
      ),
    });
    const cache = memoryModelCache();
    const onProgress = vi.fn<(done: number, total: number) => void>();
    await downloadModel('o/m@v1', { endpoint: hub.endpoint, cache, onProgress });
    const files = await cachedCheckpoint('o/m@v1', cache);
    expect(files.id).toBe('o/m@v1');
    expect(files.weights().map(({ fileName }) => fileName)).toEqual(Object.keys(shards));
    expect(onProgress.mock.lastCall).toEqual([files.totalBytes, files.totalBytes]);
    const names: string[] = [];
    for await (const { name } of streamCheckpoint(files, TINY_PARAMETERS, 'tiny')) names.push(name);
    expect(names).toHaveLength(tensorShapes(readVitConfig(TINY_JSON)).size);
    expect((await errorOf(() => cachedCheckpoint('o/m', cache))).message).toContain(
      'o/m is not on this device',
    );
  });

  it('are deleted with every record, and no other model with them', async () => {
    const hub = await hubWith(FIRST);
    for (const file of [`${AT}config.json`, WEIGHTS]) {
      hub.files.set(file.replace('o/m/', 'o/m2/'), hub.files.get(file)!);
    }
    const cache = memoryModelCache();
    await download(hub, cache);
    await downloadModel('o/m2', { endpoint: hub.endpoint, cache });
    expect((await listCachedModels(cache)).map(({ id }) => id)).toEqual(['o/m', 'o/m2']);
    await deleteCachedModel('o/m', cache);
    expect(await listCachedModels(cache)).toMatchObject([{ id: 'o/m2', complete: true }]);
    await deleteCachedModel('o/m2', cache);
    expect(await cache.keys()).toEqual([]);
    await deleteCachedModel('o/m2', cache);
  });

  it('are told to be damaged when a chunk is gone', async () => {
    const [hub, cache] = [await hubWith(FIRST), memoryModelCache()];
    const files = await download(hub, cache);
    await cache.delete((await cache.keys()).find((key) => key.endsWith('/1'))!);
    const error = await errorOf(async () => {
      for await (const { values } of streamCheckpoint(files, parametersOf(CONFIG), 'dinov2'))
        expect(values.length).toBeGreaterThan(0);
    });
    expect(error).toMatchObject({ problem: 'damaged-cache' });
    expect(error.message).toContain(`lacks its bytes from ${CHUNK_BYTES}`);
  });
});
