import { describe, expect, it } from 'vitest';
import { coverage } from '../images/mask/interpret.ts';
import { addSampleSubject } from './add-sample.ts';
import { openLibrary } from './library.ts';
import { photoPixels } from './pixels.ts';
import { loadSampleManifest, SampleError, sampleUrl } from './samples.ts';
import { MemoryStore } from './storage/memory.ts';
import indexUrl from './testdata/samples/index.json?url';

const base = indexUrl.replace(/\/index\.json$/, '');

describe('bundled samples', () => {
  it('become subjects like any other, with masks, shifts and negatives', async () => {
    const manifest = await loadSampleManifest(base);
    expect(manifest.subjects.map(({ id }) => id)).toEqual(['toy', 'broken']);
    const library = await openLibrary({ store: new MemoryStore() });
    const progress: number[] = [];
    const subject = await addSampleSubject(library, manifest, 'toy', {
      onProgress: ({ done }) => progress.push(done),
    });
    expect(subject).toMatchObject({ name: 'Red disc', className: 'disc', sampleId: 'toy' });
    expect(await library.subjects.list()).toEqual([subject]);
    expect(progress).toEqual([1, 2, 3, 4, 5, 6]);

    const photos = await library.photos.list(subject.id);
    expect(photos.map(({ role, name }) => `${role} ${name}`)).toEqual([
      'train train-0.png',
      'train train-1.png',
      'train train-2.png',
      'test test-0.png',
      'test test-1.png',
      'negative sibling 0.png',
    ]);
    expect(photos[3]).toMatchObject({
      shift: 'pose',
      isSubject: true,
      width: 32,
      height: 24,
      type: 'image/png',
    });
    expect(photos[4]).toMatchObject({ isSubject: false });
    expect(photos[4]!.shift).toBeUndefined();
    expect((await library.masks.list(subject.id)).map(({ source }) => source)).toEqual([
      'sample',
      'sample',
      'sample',
    ]);
    // The disc is where its mask says.
    const [pixels, mask] = [await photoPixels(library, photos[0]!), await library.masks.get(photos[0]!)];
    expect(coverage(mask!)).toBeGreaterThan(0.1);
    for (let i = 0; i < mask!.data.length; i++) {
      expect(pixels.data[4 * i] === 200, `pixel ${i}`).toBe(mask!.data[i] === 255);
    }
    // Stored as it is served.
    const served = await (await fetch(sampleUrl(manifest, 'toy/train-0.png'))).bytes();
    expect(await (await library.photos.blob(photos[0]!)).bytes()).toEqual(served);
  });

  it('that cannot be fetched whole leave nothing behind', async () => {
    const manifest = await loadSampleManifest(`${base}/`);
    const store = new MemoryStore();
    const library = await openLibrary({ store });
    await expect(addSampleSubject(library, manifest, 'broken')).rejects.toThrow();
    expect(await store.keys()).toEqual([]);
    const controller = new AbortController();
    const options = { signal: controller.signal, onProgress: () => controller.abort() };
    await expect(addSampleSubject(library, manifest, 'toy', options)).rejects.toThrow('abort');
    expect(await store.keys()).toEqual([]);
  });

  it('are named when they are not there', async () => {
    const library = await openLibrary({ store: new MemoryStore() });
    const manifest = await loadSampleManifest(base);
    await expect(addSampleSubject(library, manifest, 'unicorn')).rejects.toThrow(
      'There is no sample "unicorn".',
    );
    await expect(loadSampleManifest('http://localhost:9/samples')).rejects.toThrow(SampleError);
  });
});
