import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadSampleManifest, sampleUrl } from './samples.ts';

const serve = (body: string, status = 200) =>
  vi.stubGlobal('fetch', async () => new Response(body, { status }));
afterEach(() => vi.unstubAllGlobals());

describe('loadSampleManifest', () => {
  it('names what is wrong', async () => {
    serve('not found', 404);
    await expect(loadSampleManifest('samples')).rejects.toThrow(
      'samples/index.json could not be fetched (status 404).',
    );
    serve('<html>');
    await expect(loadSampleManifest('samples')).rejects.toThrow('samples/index.json is not JSON.');
    serve('{"version": 2}');
    await expect(loadSampleManifest('samples')).rejects.toThrow('has the layout 2, this program reads 1');
    serve('{"version": 1, "subjects": [{"id": 7}], "negatives": [], "backgrounds": []}');
    await expect(loadSampleManifest('samples')).rejects.toThrow(
      'index.json.subjects[0].id should be a text, is 7',
    );
    serve('{"version": 1, "subjects": [], "negatives": [1], "backgrounds": []}');
    await expect(loadSampleManifest('samples')).rejects.toThrow(
      'index.json.negatives should be a list of texts',
    );
  });

  it('gives addresses of its pictures, whatever their names', async () => {
    serve('{"version": 1, "subjects": [], "negatives": ["a b/c#1.png"], "backgrounds": []}');
    const manifest = await loadSampleManifest('samples');
    expect(sampleUrl(manifest, manifest.negatives[0]!)).toBe('samples/a%20b/c%231.png');
  });
});
