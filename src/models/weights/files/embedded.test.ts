import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readVitConfig } from '../../vit/families/index.ts';
import { parametersOf } from '../../vit/parameters.ts';
import { errorOf } from '../safetensors/testing.ts';
import { CheckpointFileError } from './checkpointFiles.ts';
import { embeddedCheckpoint } from './embedded.ts';
import { readPreprocessing } from './preprocessor.ts';
import { streamCheckpoint } from './streamCheckpoint.ts';

const PUBLIC = join(import.meta.dirname, '../../../../public');
const servers: Server[] = [];

/** Serve `public/` under /app/ as a page's host does; `answer` may replace a file. */
async function serve(answer: (path: string) => string | undefined = () => undefined): Promise<string> {
  const server = createServer(async (request, response) => {
    const path = request.url!.replace('/app/', '');
    const replaced = answer(path);
    if (replaced !== undefined) return response.end(replaced);
    try {
      response.end(await readFile(join(PUBLIC, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/app/`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('embeddedCheckpoint', () => {
  it('loads the encoder that this repository ships', async () => {
    const files = await embeddedCheckpoint(await serve());
    const config = readVitConfig(files.config);
    expect(files).toMatchObject({ id: 'embedded', totalBytes: files.weights()[0]!.bytes });
    expect(readPreprocessing(files)).toMatchObject({ cropWidth: config.imageSize });
    const norms: number[] = [];
    let last = 0;
    const tensors = streamCheckpoint(files, parametersOf(config), 'dinov2', {
      onProgress: (done) => (last = done),
    });
    for await (const { values } of tensors) norms.push(Math.hypot(...values.subarray(0, 1000)));
    expect(last).toBe((await readFile(join(PUBLIC, 'models/encoder/model.safetensors'))).length);
    expect(norms.every((norm) => Number.isFinite(norm) && norm > 0)).toBe(true);
  });

  it('names a file that is not there', async () => {
    const base = await serve();
    const error = await errorOf(() => embeddedCheckpoint(base.replace('/app/', '/app/elsewhere/')));
    expect(error).toBeInstanceOf(CheckpointFileError);
    expect(error.message).toBe(
      'models/encoder/config.json could not be loaded (HTTP 404). It belongs to the installation of this page: build and serve it again.',
    );
  });

  it('tells a page that is served in place of a file', async () => {
    const page = (part: string) => serve((path) => (path.endsWith(part) ? '<!doctype html>' : undefined));
    expect((await errorOf(async () => embeddedCheckpoint(await page('/config.json')))).message).toContain(
      'config.json is a web page',
    );
    expect((await errorOf(async () => embeddedCheckpoint(await page('safetensors')))).message).toContain(
      'model.safetensors, byte 0: this is a web page',
    );
  });

  it('can be aborted', async () => {
    const base = await serve();
    const signal = AbortSignal.abort(new RangeError('enough'));
    expect(await errorOf(() => embeddedCheckpoint(base, { signal }))).toEqual(new RangeError('enough'));
  });
});
