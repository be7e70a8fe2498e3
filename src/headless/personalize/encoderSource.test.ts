import { afterEach, describe, expect, it, vi } from 'vitest';
import { encoderSource } from './encoderSource.ts';

const urls = [{ name: 'config.json', url: '/encoder/config.json' }];
const serve = (response: () => Response) => vi.stubGlobal('fetch', async () => response());

afterEach(() => vi.unstubAllGlobals());

describe('encoderSource', () => {
  it('gives a checkpoint of the hub the hub’s id, and a folder none', async () => {
    serve(() => new Response('{}'));
    const hub = { kind: 'urls', name: 'facebook/dinov2-small', hub: 'facebook/dinov2-small', urls } as const;
    expect(await encoderSource({ ...hub, urls })).toMatchObject({
      kind: 'files',
      id: 'facebook/dinov2-small',
    });
    const folder = await encoderSource({ kind: 'urls', name: 'mine', hub: null, urls });
    expect(folder).toMatchObject({ kind: 'files', name: 'mine' });
    expect(folder).not.toHaveProperty('id');
  });

  it('names a file that the server does not give', async () => {
    serve(() => new Response('', { status: 404 }));
    await expect(encoderSource({ kind: 'urls', name: 'mine', hub: null, urls })).rejects.toThrow(
      'config.json of mine cannot be read (HTTP 404)',
    );
  });
});
