import { describe, expect, it } from 'vitest';
import { TINY_JSON, tinyFile, tinyTensors } from '../files/testing.ts';
import { errorOf } from '../safetensors/testing.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { describeModel } from './describe.ts';
import { HubError } from './errors.ts';
import type { Connection } from './request.ts';
import { cutAfter, startHub, type TestHub } from './testing.ts';

const MODEL = { repository: 'o/m', revision: 'main' };
const AT = 'o/m/resolve/main/';

const json = (value: unknown) => ({ bytes: new TextEncoder().encode(JSON.stringify(value)) });
const tinyHub = (): Promise<TestHub> =>
  startHub({
    [`${AT}config.json`]: json(TINY_JSON),
    [`${AT}model.safetensors`]: { bytes: tinyFile(), etag: '"v1"' },
  });

const look = (hub: TestHub, connection: Partial<Connection> = {}) =>
  describeModel({ fetch, signal: undefined, retryDelays: [1, 1], ...connection }, hub.endpoint, MODEL);

describe('describeModel', () => {
  it('tells files, sizes and versions from headers alone', async () => {
    expect(await look(await tinyHub())).toEqual({
      ...MODEL,
      config: TINY_JSON,
      preprocessor: null,
      files: [{ fileName: 'model.safetensors', bytes: tinyFile().length, version: '"v1"' }],
      complete: false,
    });
  });

  it('refuses another kind of model before asking for its weights', async () => {
    const hub = await tinyHub();
    hub.files.set(`${AT}config.json`, json({ ...TINY_JSON, model_type: 'vit' }));
    expect((await errorOf(() => look(hub))).message).toContain('of the family vit, which is not supported');
    expect(hub.requests.map(({ path }) => path)).toEqual([`${AT}config.json`]);
  });

  it('refuses weights that do not fit the config', async () => {
    const hub = await tinyHub();
    const tensors = { ...tinyTensors(), 'layernorm.bias': { shape: [9], values: new Float32Array(9) } };
    hub.files.set(`${AT}model.safetensors`, { bytes: writeSafetensors(tensors) });
    expect((await errorOf(() => look(hub))).message).toContain(
      'model.safetensors: tensor "layernorm.bias" is [9]; config.json asks for [8]',
    );
  });

  it.each([
    [404, 'not-found', 'Check the spelling'],
    [401, 'denied', 'private or gated'],
    [403, 'denied', 'private or gated'],
    [400, 'refused', 'drop the files here'],
    [503, 'server', 'Try again in a while'],
  ])('says what to do about HTTP %i', async (status, problem, words) => {
    const hub = await tinyHub();
    hub.misbehave = (_, __, response) => {
      response.writeHead(status).end('no');
      return true;
    };
    const error = await errorOf(() => look(hub));
    expect(error).toBeInstanceOf(HubError);
    expect(error).toMatchObject({ problem, status });
    expect(error.message).toContain('o/m, config.json');
    expect(error.message).toContain(words);
    // Only what may pass is asked for again, and only so often.
    expect(hub.requests).toHaveLength(status === 503 ? 3 : 1);
  });

  it('tells that nobody answers', async () => {
    const refuse: typeof fetch = async () => {
      throw new TypeError('fetch failed');
    };
    const error = await errorOf(async () => look(await tinyHub(), { fetch: refuse }));
    expect(error).toMatchObject({ problem: 'network' });
    expect(error.message).toContain('cannot be reached');
  });

  it('tells a model without safetensors weights', async () => {
    const hub = await tinyHub();
    hub.files.delete(`${AT}model.safetensors`);
    const error = await errorOf(() => look(hub));
    expect(error).toMatchObject({ problem: 'not-found' });
    expect(error.message).toContain('o/m has no weights in safetensors format');
  });

  it('gets over a busy hub and a connection cut in the header', async () => {
    const hub = await tinyHub();
    const failed = new Set<string>();
    hub.misbehave = (path, _, response) => {
      if (failed.has(path)) return false;
      failed.add(path);
      if (path.endsWith('.safetensors')) cutAfter(response, hub.files.get(path)!, 0, 100);
      else response.writeHead(429).end();
      return true;
    };
    expect((await look(hub)).files).toHaveLength(1);
    expect(failed).toContain(`${AT}model.safetensors`);
  });
});
