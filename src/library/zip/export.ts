import { sha256 } from '../import/hash.ts';
import type { Library } from '../library.ts';
import { packTensors } from '../records/tensors.ts';
import { MissingRecordError } from '../storage/errors.ts';
import { keys } from '../storage/keys.ts';
import type { AdapterRecord, Photo, RunRecord } from '../types.ts';
import { ArchiveWriter } from './archive.ts';
import {
  FORMAT,
  FORMAT_VERSION,
  type Manifest,
  type ZippedAdapter,
  type ZippedFile,
  type ZippedPhoto,
  type ZippedRun,
} from './manifest.ts';
import { extensionOf, numbered } from './names.ts';

export interface ZipProgress {
  /** Photos, adapters and runs done, of how many. */
  done: number;
  total: number;
}

export interface ExportOptions {
  onProgress?: (progress: ZipProgress) => void;
  /** Checkpoints of runs are large; without them a run's settings and curves are exported all the same. */
  checkpoints?: boolean;
  now?: () => number;
}

/**
 * Export a subject as one zip: `photos/<role>/01-name.jpg`, `masks/<role>/01-name.png`,
 * `adapters/01-name/adapter_model.safetensors` (as PEFT reads them), `runs/`, and a `manifest.json` with
 * everything else. `importSubject` brings it back byte for byte.
 *
 * @throws MissingRecordError when there is no such subject
 */
export async function exportSubject(
  library: Library,
  subjectId: string,
  { onProgress, checkpoints = true, now = Date.now }: ExportOptions = {},
): Promise<Blob> {
  const subject = await library.subjects.get(subjectId);
  if (!subject) throw new MissingRecordError(keys.subject(subjectId));
  const photos = await library.photos.list(subjectId);
  const adapters = await library.adapters.list(subjectId);
  const runs = await library.runs.list(subjectId);

  const exportedAt = now();
  const archive = new ArchiveWriter(exportedAt);
  const manifest: Manifest = {
    format: FORMAT,
    version: FORMAT_VERSION,
    exportedAt,
    subject,
    photos: [],
    adapters: [],
    runs: [],
  };
  const total = photos.length + adapters.length + runs.length;
  let done = 0;
  const step = () => onProgress?.({ done: ++done, total });

  for (const [i, photo] of photos.entries()) {
    const path = `${photo.role}/${numbered(i, photos.length, photo.name)}`;
    manifest.photos.push(await addPhoto(archive, library, photo, path));
    step();
  }
  for (const [i, adapter] of adapters.entries()) {
    const folder = `adapters/${numbered(i, adapters.length, adapter.name)}`;
    manifest.adapters.push(await addAdapter(archive, library, adapter, folder));
    step();
  }
  for (const [i, run] of runs.entries()) {
    manifest.runs.push(
      await addRun(archive, library, run, `runs/${numbered(i, runs.length, 'run')}`, checkpoints),
    );
    step();
  }
  archive.addJson('manifest.json', manifest);
  return archive.finish();
}

async function addFile(
  archive: ArchiveWriter,
  file: string,
  data: Uint8Array<ArrayBuffer>,
): Promise<ZippedFile> {
  archive.add(file, data);
  return { file, sha256: await sha256(data) };
}

async function addPhoto(
  archive: ArchiveWriter,
  library: Library,
  photo: Photo,
  path: string,
): Promise<ZippedPhoto> {
  const { subjectId: _, bytes: __, ...fields } = photo;
  const blob = await library.photos.blob(photo);
  const data = new Uint8Array(await blob.arrayBuffer());
  const zipped: ZippedPhoto = {
    ...fields,
    ...(await addFile(archive, `photos/${path}.${extensionOf(photo.type)}`, data)),
  };
  const record = await library.masks.record(photo);
  const png = await library.masks.png(photo);
  if (record && png) {
    const { source, updatedAt } = record;
    zipped.mask = { ...(await addFile(archive, `masks/${path}.png`, png)), source, updatedAt };
  }
  return zipped;
}

async function addAdapter(
  archive: ArchiveWriter,
  library: Library,
  adapter: AdapterRecord,
  folder: string,
): Promise<ZippedAdapter> {
  const { subjectId: _, files: __, ...fields } = adapter;
  const zipped: ZippedAdapter = { ...fields, files: [] };
  for (const [name, data] of Object.entries(await library.adapters.files(adapter))) {
    zipped.files.push({ name, ...(await addFile(archive, `${folder}/${name}`, data)) });
  }
  return zipped;
}

async function addRun(
  archive: ArchiveWriter,
  library: Library,
  run: RunRecord,
  folder: string,
  withCheckpoint: boolean,
): Promise<ZippedFile> {
  const { subjectId: _, checkpointStep, ...fields } = run;
  const zipped: ZippedRun = { run: fields };
  const checkpoint = withCheckpoint ? await library.runs.loadCheckpoint(run) : undefined;
  if (checkpoint) {
    const { layout, chunks } = packTensors(checkpoint.tensors);
    const data = new Uint8Array(await new Blob(chunks).arrayBuffer());
    zipped.run.checkpointStep = checkpointStep;
    zipped.checkpoint = {
      ...(await addFile(archive, `${folder}/checkpoint.f32`, data)),
      step: checkpoint.step,
      state: checkpoint.state,
      layout,
    };
  }
  const samples = await library.runs.samples(run);
  if (samples.length > 0) zipped.samples = [];
  for (const { png, ...sample } of samples) {
    const file = await addFile(archive, `${folder}/sample-${sample.step}.png`, png);
    zipped.samples!.push({ ...file, ...sample });
  }
  const json = new TextEncoder().encode(`${JSON.stringify(zipped, null, 2)}\n`);
  return addFile(archive, `${folder}/run.json`, json);
}
