import 'fake-indexeddb/auto';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeGreyPng } from '../../images/png/encode.ts';
import { sha256 } from '../import/hash.ts';
import { openLibrary } from '../library.ts';
import { QuotaError } from '../storage/errors.ts';
import { MemoryStore } from '../storage/memory.ts';
import { failingStore, freshLibrary, rawKeys } from '../testing/library.ts';
import { ZipError } from './errors.ts';
import { importSubject } from './import.ts';
import { editJson, everything, filled, type Loose, memory, repack } from './testing.ts';

describe('bad zips', () => {
  /** Import into a fresh library, expect a failure, and that nothing is left. */
  async function failure(zip: Blob): Promise<ZipError> {
    const { library, databaseName } = await freshLibrary();
    const error = await importSubject(library, zip, { fileName: 'x.zip' }).catch((reason) => reason);
    expect(error).toBeInstanceOf(ZipError);
    expect(error.message).toMatch(/^x\.zip /);
    expect(error.remedy.length).toBeGreaterThan(10);
    expect(await rawKeys(databaseName)).toEqual(['schema']);
    return error;
  }

  it('are told apart: no zip, cut short, foreign', async () => {
    const { zip } = await filled();
    expect((await failure(new Blob(['hello']))).message).toBe('x.zip is not a zip file.');
    expect((await failure(new Blob([]))).message).toBe('x.zip is not a zip file.');
    expect((await failure(zip.slice(0, zip.size >> 1))).message).toBe('x.zip is damaged or cut short.');
    expect((await failure(zip.slice(0, zip.size - 1))).message).toBe('x.zip is damaged or cut short.');
    const foreign = new Blob([new Uint8Array(zipSync({ 'a.txt': Uint8Array.of(1) }))]);
    expect((await failure(foreign)).message).toContain('not a subject exported from Familiar');
    const other = new Blob([
      new Uint8Array(zipSync({ 'manifest.json': new TextEncoder().encode('{"name":"app"}') })),
    ]);
    expect((await failure(other)).message).toContain('not a subject exported from Familiar');
  });

  it('of a newer program are named so', async () => {
    const { zip } = await filled();
    const newer = await repack(zip, (files) =>
      editJson(files, 'manifest.json', (json) => (json.version = 2)),
    );
    expect((await failure(newer)).message).toContain('newer Familiar (layout 2)');
  });

  it('with a missing or changed file name it', async () => {
    const { zip } = await filled();
    const path = 'photos/train/02-train-1.png';
    const missing = await repack(zip, (files) => void delete files[path]);
    expect((await failure(missing)).message).toBe(`x.zip lacks the file ${path}.`);
    const changed = await repack(zip, (files) => {
      files[path]![20]! ^= 1;
    });
    expect((await failure(changed)).message).toBe(`x.zip is damaged: ${path} is not what was exported.`);
    const checkpoint = await repack(zip, (files) => {
      files['runs/01-run/checkpoint.f32'] = new Uint8Array(3);
    });
    expect((await failure(checkpoint)).message).toContain(
      'runs/01-run/checkpoint.f32 is not what was exported',
    );
  });

  it('with a byte flipped anywhere are never imported wrongly', async () => {
    const { library, subject, zip } = await filled();
    const original = await everything(library, subject.id);
    const bytes = await zip.bytes();
    for (let at = 3; at < bytes.length; at += 97) {
      const flipped = bytes.slice();
      flipped[at]! ^= 0x10;
      const other = await memory();
      const imported = await importSubject(other, new Blob([flipped])).catch((reason) => reason);
      if (imported instanceof Error) {
        expect(await other.subjects.list()).toEqual([]);
        continue;
      }
      // A flip in what carries no content (time stamps, local headers) does no harm.
      const { pictures, adapterFiles, checkpoints } = await everything(other, imported.id);
      expect({ pictures, adapterFiles, checkpoints }).toEqual({
        pictures: original.pictures,
        adapterFiles: original.adapterFiles,
        checkpoints: original.checkpoints,
      });
    }
  });

  it.each([
    [
      'manifest.photos[0].width should be a number, is "wide"',
      (json: Loose) => (json.photos[0].width = 'wide'),
    ],
    [
      'manifest.photos[0].height should be a whole number from 1 on, is 1.5',
      (json: Loose) => (json.photos[0].height = 1.5),
    ],
    ['manifest.photos[1].role should be one of train', (json: Loose) => (json.photos[1].role = 'hero')],
    ['manifest.photos[2].id should be like', (json: Loose) => (json.photos[2].id = '../../x')],
    ['manifest.photos should be a list', (json: Loose) => (json.photos = null)],
    ['manifest.subject is not an object', (json: Loose) => (json.subject = 'me')],
    ['two entries share an id', (json: Loose) => (json.photos[1].id = json.photos[0].id)],
    [
      '"../evil" is no name for an adapter file',
      (json: Loose) => (json.adapters[0].files[0].name = '../evil'),
    ],
    ['photos/train/01-train-0.png is 8 × 6, not 9 × 6', (json: Loose) => (json.photos[0].width = 9)],
    [
      'photos/train/01-train-0.png is image/png, not image/jpeg',
      (json: Loose) => (json.photos[0].type = 'image/jpeg'),
    ],
  ])('with a wrong manifest name the place: %s', async (message, edit) => {
    const { zip } = await filled();
    const broken = await repack(zip, (files) => editJson(files, 'manifest.json', edit));
    expect((await failure(broken)).message).toContain(message);
  });

  it('with hashes made right still have to hold what they say', async () => {
    const { zip } = await filled();
    const replaced = (path: string, data: Uint8Array<ArrayBuffer>, pick: (json: Loose) => Loose) =>
      repack(zip, async (files) => {
        files[path] = data;
        const hash = await sha256(data);
        editJson(files, 'manifest.json', (json) => (pick(json).sha256 = hash));
      });
    const mask = 'masks/train/01-train-0.png';
    const small = await replaced(mask, encodeGreyPng(2, 2, new Uint8Array(4)), (json) => json.photos[0].mask);
    expect((await failure(small)).message).toContain(`${mask} is 2 × 2, its photo 8 × 6`);
    const text = await replaced(mask, new TextEncoder().encode('mask'), (json) => json.photos[0].mask);
    expect((await failure(text)).message).toContain(`${mask} cannot be read (it does not begin like a PNG)`);
    const run = await replaced('runs/01-run/run.json', new TextEncoder().encode('{'), (json) => json.runs[0]);
    expect((await failure(run)).message).toContain('runs/01-run/run.json cannot be read');
  });

  it('with a sample that is no picture are refused', async () => {
    const { zip } = await filled();
    const path = 'runs/01-run/sample-10.png';
    const broken = await repack(zip, async (files) => {
      files[path] = new TextEncoder().encode('sample');
      const hash = await sha256(files[path]);
      editJson(files, 'runs/01-run/run.json', (json) => (json.samples[1].sha256 = hash));
      const runHash = await sha256(files['runs/01-run/run.json']!);
      editJson(files, 'manifest.json', (json) => (json.runs[0].sha256 = runHash));
    });
    expect((await failure(broken)).message).toContain(path);
  });

  it('that are bombs are not unpacked', async () => {
    const { zip } = await filled();
    const bomb = await repack(zip, (files) => {
      files['photos/bomb.png'] = new Uint8Array(50e6);
    });
    expect(bomb.size).toBeLessThan(1e6);
    expect((await failure(bomb)).message).toMatch(
      /looks like a zip bomb: photos\/bomb\.png would grow \d+ times/,
    );
    const crowd = new Blob([
      new Uint8Array(
        zipSync(Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`${i}`, new Uint8Array(0)]))),
      ),
    ]);
    expect((await failure(crowd)).message).toContain('holds 10001 files');
  });
});

describe('an import that cannot finish', () => {
  it('leaves nothing when the disk is full', async () => {
    const { zip } = await filled();
    const inner = new MemoryStore();
    let writes = 0;
    const library = await openLibrary({
      store: failingStore(inner, ({ put }) => !!put && ++writes === 5, new QuotaError(2, 1)),
    });
    await expect(importSubject(library, zip)).rejects.toThrow(QuotaError);
    expect(await inner.keys()).toEqual([]);
  });

  it('leaves nothing when it is cancelled', async () => {
    const { zip } = await filled();
    const inner = new MemoryStore();
    const library = await openLibrary({ store: inner });
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 3) controller.abort();
    };
    await expect(importSubject(library, zip, { onProgress, signal: controller.signal })).rejects.toThrow(
      'abort',
    );
    expect(await inner.keys()).toEqual([]);
  });
});
