import type { Library } from '../library.ts';
import { decodeMaskPng } from '../mask/png.ts';
import { isAdapterFileName } from '../records/adapters.ts';
import { newId } from '../records/context.ts';
import type { Photo, RunRecord, Subject } from '../types.ts';
import type { ZipProgress } from './export.ts';
import type { ZippedAdapter, ZippedPhoto } from './manifest.ts';
import { replaceIds } from './reissue.ts';
import { ZipSource } from './source.ts';

export interface ImportZipOptions {
  /** How to call the file in messages. */
  fileName?: string;
  onProgress?: (progress: ZipProgress) => void;
  signal?: AbortSignal;
}

/**
 * Bring back a subject that `exportSubject` wrote. Everything is checked against the manifest's hashes and the
 * subject comes into sight only when all of it is stored; on any error nothing of it is left. A subject whose
 * id is in the library already (even in the trash) comes in as a copy with ids of its own.
 *
 * @throws ZipError naming what is wrong with the file; QuotaError; the signal's reason
 */
export async function importSubject(
  library: Library,
  zip: Blob,
  options: ImportZipOptions = {},
): Promise<Subject> {
  const { fileName = 'The zip file', onProgress, signal } = options;
  const source = new ZipSource(new Uint8Array(await zip.arrayBuffer()), fileName);
  const { manifest } = source;
  const taken = await library.subjects.has(manifest.subject.id);
  const ids = new Map<string, string>();
  const idOf = (id: string): string => {
    if (taken && !ids.has(id)) ids.set(id, newId());
    return ids.get(id) ?? id;
  };
  const subject: Subject = { ...manifest.subject, id: idOf(manifest.subject.id) };
  for (const { id } of [...manifest.photos, ...manifest.adapters]) idOf(id);
  const runs = await source.runs();
  for (const { run } of runs) idOf(run.id);

  const total = manifest.photos.length + manifest.adapters.length + runs.length;
  let done = 0;
  const step = () => {
    signal?.throwIfAborted();
    onProgress?.({ done: ++done, total });
  };
  await library.subjects.createIncomplete(subject);
  try {
    for (const photo of manifest.photos) {
      await storePhoto(library, subject.id, source, photo, idOf(photo.id));
      step();
    }
    for (const adapter of manifest.adapters) {
      await storeAdapter(library, subject.id, source, adapter, ids);
      step();
    }
    for (const { run, checkpoint, samples = [] } of runs) {
      // A run that was going on elsewhere is not going on here.
      const status = run.status === 'running' ? 'paused' : run.status;
      const known = replaceIds({ ...run, status }, ids) as Omit<RunRecord, 'subjectId'>;
      const record: RunRecord = { ...known, subjectId: subject.id };
      if (checkpoint) {
        const { step: at, state, layout } = checkpoint;
        const tensors = source.tensors(await source.read(checkpoint), checkpoint.file, layout);
        await library.runs.putCheckpoint(record, { step: at, state: replaceIds(state, ids), tensors });
      } else await library.runs.putRecord(record);
      for (const { file, sha256, ...sample } of samples) {
        const png = await source.read({ file, sha256 });
        source.requirePng(png, file);
        await library.runs.addSample(record, { ...sample, png });
      }
      step();
    }
    return await library.subjects.complete(subject.id);
  } catch (error) {
    await library.subjects.delete(subject.id);
    throw error;
  }
}

async function storePhoto(
  library: Library,
  subjectId: string,
  source: ZipSource,
  { file, sha256, mask, id: _, addedAt, ...fields }: ZippedPhoto,
  id: string,
): Promise<void> {
  const data = await source.read({ file, sha256 });
  source.requirePicture(data, file, fields);
  const blob = new Blob([data], { type: fields.type });
  const photo: Photo = await library.photos.add(subjectId, { ...fields, blob }, { id, addedAt });
  if (!mask) return;
  const png = await source.read(mask);
  const decoded = source.attempt(mask.file, () => decodeMaskPng(png));
  if (decoded.width !== photo.width || decoded.height !== photo.height) {
    throw source.wrong(
      `${mask.file} is ${decoded.width} × ${decoded.height}, its photo ${photo.width} × ${photo.height}`,
    );
  }
  await library.masks.putPng(photo, decoded, png, mask.source, mask.updatedAt);
}

async function storeAdapter(
  library: Library,
  subjectId: string,
  source: ZipSource,
  { id, createdAt, files, ...fields }: ZippedAdapter,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const contents: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const file of files) {
    if (!isAdapterFileName(file.name)) throw source.wrong(`"${file.name}" is no name for an adapter file`);
    contents[file.name] = await source.read(file);
  }
  const known = replaceIds(fields, ids) as typeof fields;
  await library.adapters.add(subjectId, known, contents, { id: ids.get(id) ?? id, createdAt });
}
