import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { freshLibrary, newPhoto } from '../testing/library.ts';
import { ArchiveReader } from './archive.ts';
import { exportSubject } from './export.ts';
import { importSubject } from './import.ts';
import { exportFileName, numbered, slug } from './names.ts';
import { everything, filled, memory, repack } from './testing.ts';

describe('a subject exported and imported', () => {
  it('is the same, byte for byte, in another library', async () => {
    const { library, subject, zip } = await filled();
    const { library: other } = await freshLibrary();
    const imported = await importSubject(other, zip);
    expect(imported).toEqual(subject);
    const before = await everything(library, subject.id);
    const after = await everything(other, subject.id);
    // The run was going on there and is not here.
    expect(after).toEqual({ ...before, runs: before.runs.map((run) => ({ ...run, status: 'paused' })) });
    expect(after.photos).toHaveLength(6);
    expect(after.maskPngs.filter(Boolean)).toHaveLength(2);
    expect(after.samples[0]?.map(({ step }) => step)).toEqual([0, 10]);
    expect(after.checkpoints[0]?.tensors['lora.a']).toEqual(Float32Array.of(1, 2, 3));
  });

  it('comes as a copy with ids of its own where it is already', async () => {
    const { library, subject, zip } = await filled();
    const copy = await importSubject(library, zip);
    expect(copy.id).not.toBe(subject.id);
    expect(await library.subjects.list()).toHaveLength(2);
    const original = await everything(library, subject.id);
    const copied = await everything(library, copy.id);
    expect(copied.pictures).toEqual(original.pictures);
    const known = new Set(original.photos.map(({ id }) => id));
    expect(copied.photos.some(({ id }) => known.has(id))).toBe(false);
    // Ids inside of settings follow.
    expect(copied.runs[0]!.settings).toEqual({ rank: 8, photos: [copied.photos[0]!.id] });
    expect(copied.adapters[0]!.runId).toBe(copied.runs[0]!.id);
    expect(copied.masks.map(({ photoId }) => photoId)).toContain(copied.photos[0]!.id);
    await library.subjects.delete(copy.id);
    expect(await everything(library, subject.id)).toEqual(original);
  });

  it('keeps how its generated pictures were judged, and who decided', async () => {
    const { library, subject } = await filled();
    const generated = {
      ...{ prompt: 'a photo of a dog', seed: 3, score: -0.1, kept: true, threshold: 0.4, decided: true },
      ...{ generatorId: 'embedded', loraId: null, seconds: 2 },
    };
    await library.photos.add(subject.id, newPhoto('drawn.png', { role: 'generated', generated }));
    const { library: other } = await freshLibrary();
    const imported = await importSubject(other, await exportSubject(library, subject.id));
    const photos = await other.photos.list(imported.id);
    expect(photos.find(({ role }) => role === 'generated')?.generated).toEqual(generated);
  });

  it('is a copy too where the original is in the trash', async () => {
    const { library, subject, zip } = await filled();
    await library.subjects.trash(subject.id, Date.now() + 1e6);
    expect((await importSubject(library, zip)).id).not.toBe(subject.id);
    expect(await library.subjects.listTrash()).toHaveLength(1);
  });

  it('lies in readable folders', async () => {
    const { zip } = await filled();
    const { paths } = new ArchiveReader(await zip.bytes(), 'x.zip');
    expect([...paths].sort()).toEqual([
      'adapters/01-first/adapter_config.json',
      'adapters/01-first/adapter_model.safetensors',
      'manifest.json',
      'masks/test/04-test-3.png',
      'masks/train/01-train-0.png',
      'photos/background/06-background-5.png',
      'photos/negative/05-negative-4.png',
      'photos/test/04-test-3.png',
      'photos/train/01-train-0.png',
      'photos/train/02-train-1.png',
      'photos/train/03-train-2.png',
      'runs/01-run/checkpoint.f32',
      'runs/01-run/run.json',
      'runs/01-run/sample-0.png',
      'runs/01-run/sample-10.png',
    ]);
  });

  it('can leave its checkpoints behind', async () => {
    const { library, subject } = await filled();
    const other = await memory();
    const progress: string[] = [];
    await importSubject(other, await exportSubject(library, subject.id, { checkpoints: false }), {
      onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
    });
    const [run] = await other.runs.list(subject.id);
    expect(run).not.toHaveProperty('checkpointStep');
    expect(run!.history).toEqual([{ loss: 1.5 }]);
    expect(await other.runs.loadCheckpoint(run!)).toBeUndefined();
    expect(progress).toEqual(['1/8', '2/8', '3/8', '4/8', '5/8', '6/8', '7/8', '8/8']);
  });

  it('survives being unpacked and packed again with the folder around it', async () => {
    const { subject, zip } = await filled();
    const wrapped = await repack(zip, (files) => {
      for (const [path, data] of Object.entries(files)) {
        delete files[path];
        files[`biscuit/${path}`] = data;
      }
      files['__MACOSX/biscuit/._manifest.json'] = Uint8Array.of(1);
    });
    const other = await memory();
    expect((await importSubject(other, wrapped)).id).toBe(subject.id);
    expect(await other.photos.list(subject.id)).toHaveLength(6);
  });
});

describe('names', () => {
  it('are fit for every file system', () => {
    expect(slug('Mäx & Möritz/../..\\:*?')).toBe('Max-Moritz');
    expect(slug('柴犬')).toBe('unnamed');
    expect(slug('x'.repeat(99))).toHaveLength(40);
    expect(numbered(4, 120, 'IMG 1234.HEIC')).toBe('005-IMG-1234');
    expect(exportFileName({ name: 'Sir Barks-a-lot!' })).toBe('familiar-sir-barks-a-lot.zip');
  });
});
