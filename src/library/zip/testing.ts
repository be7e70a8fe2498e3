import { zipSync } from 'fflate';
import { type Library, openLibrary } from '../library.ts';
import { MemoryStore } from '../storage/memory.ts';
import { fill } from '../testing/library.ts';
import type { Subject } from '../types.ts';
import { ArchiveReader } from './archive.ts';
import { exportSubject } from './export.ts';

/** A library of its own in memory. */
export const memory = () => openLibrary({ store: new MemoryStore() });

/** A subject with one of everything, and its export. */
export async function filled(): Promise<{ library: Library; subject: Subject; zip: Blob }> {
  const library = await memory();
  const subject = await library.subjects.create({ name: 'Biscuit', className: 'dog', sampleId: 'dog' });
  await fill(library, subject);
  return { library, subject, zip: await exportSubject(library, subject.id) };
}

/** Everything that a library knows of a subject, bytes included. */
export async function everything(library: Library, id: string) {
  const photos = await library.photos.list(id);
  const adapters = await library.adapters.list(id);
  const runs = await library.runs.list(id);
  return {
    subject: await library.subjects.get(id),
    photos,
    pictures: await Promise.all(photos.map(async (photo) => (await library.photos.blob(photo)).bytes())),
    types: await Promise.all(photos.map(async (photo) => (await library.photos.blob(photo)).type)),
    masks: (await library.masks.list(id)).sort((a, b) => (a.photoId < b.photoId ? -1 : 1)),
    maskPngs: await Promise.all(photos.map((photo) => library.masks.png(photo))),
    adapters,
    adapterFiles: await Promise.all(adapters.map((adapter) => library.adapters.files(adapter))),
    runs,
    samples: await Promise.all(runs.map((run) => library.runs.samples(run))),
    checkpoints: await Promise.all(runs.map((run) => library.runs.loadCheckpoint(run))),
  };
}

/** Unpack a zip, let `change` work on its files, and pack it again. */
export async function repack(
  zip: Blob,
  change: (files: Record<string, Uint8Array<ArrayBuffer>>) => void | Promise<void>,
) {
  const reader = new ArchiveReader(await zip.bytes(), 'x.zip');
  const files = Object.fromEntries([...reader.paths].map((path) => [path, reader.read(path)]));
  await change(files);
  return new Blob([new Uint8Array(zipSync(files))]);
}

// biome-ignore lint/suspicious/noExplicitAny: tests break manifests in ways that no type allows
export type Loose = any;

/** Change a JSON file of an unpacked zip in place. */
export function editJson(
  files: Record<string, Uint8Array<ArrayBuffer>>,
  path: string,
  edit: (json: Loose) => void,
) {
  const json = JSON.parse(new TextDecoder().decode(files[path]));
  edit(json);
  files[path] = new TextEncoder().encode(JSON.stringify(json));
}
