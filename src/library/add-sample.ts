import { decodeImage } from '../images/decode/decode.ts';
import { mimeType } from '../images/decode/sniff.ts';
import { contentHash, perceptualHash } from './import/hash.ts';
import type { Library } from './library.ts';
import { importMask } from './mask/import.ts';
import { newId } from './records/context.ts';
import {
  fetchSample,
  SampleError,
  type SampleManifest,
  type SamplePicture,
  samplePictures,
  sampleUrl,
} from './samples.ts';
import type { NewPhoto, PhotoType, Subject } from './types.ts';

export interface AddSampleOptions {
  onProgress?: (progress: { done: number; total: number }) => void;
  signal?: AbortSignal;
}

/**
 * Put a bundled subject into the library, as if the user had added its photos and masks: training photos, test
 * photos with their shift, negatives. Pictures are stored as they are served, not encoded anew. The subject
 * comes into sight when all of it is stored; on any error nothing of it is left.
 *
 * @throws SampleError, ImageFileError, QuotaError; the signal's reason
 */
export async function addSampleSubject(
  library: Library,
  manifest: SampleManifest,
  sampleId: string,
  { onProgress, signal }: AddSampleOptions = {},
): Promise<Subject> {
  const sample = manifest.subjects.find(({ id }) => id === sampleId);
  if (!sample) throw new SampleError(`There is no sample "${sampleId}".`);
  const now = Date.now();
  const { name, className } = sample;
  const subject: Subject = { id: newId(), name, className, sampleId, createdAt: now, updatedAt: now };
  await library.subjects.createIncomplete(subject);
  try {
    const pictures = samplePictures(sample);
    for (const [i, picture] of pictures.entries()) {
      await storePicture(library, manifest, subject.id, picture, signal);
      onProgress?.({ done: i + 1, total: pictures.length });
    }
    return await library.subjects.complete(subject.id);
  } catch (error) {
    await library.subjects.delete(subject.id);
    throw error;
  }
}

async function storePicture(
  library: Library,
  manifest: SampleManifest,
  subjectId: string,
  { image, mask, role, shift, isSubject }: SamplePicture,
  signal: AbortSignal | undefined,
): Promise<void> {
  const load = async (path: string) => (await fetchSample(sampleUrl(manifest, path), signal)).blob();
  const photo = await readPicture(await load(image), image);
  const stored = await library.photos.add(subjectId, { ...photo, role, shift, isSubject });
  if (mask === undefined) return;
  const imported = await importMask(await load(mask), fileName(mask), stored);
  await library.masks.put(stored, imported.mask, 'sample');
}

/** Hash and measure a picture; its file stays as it is. */
async function readPicture(file: Blob, path: string): Promise<Omit<NewPhoto, 'role'>> {
  const name = fileName(path);
  const { pixels, format } = await decodeImage(file, name);
  const type = mimeType(format);
  if (!isStoredType(type)) throw new SampleError(`${path} is ${type}; samples are JPEG, PNG or WebP.`);
  return {
    name,
    width: pixels.width,
    height: pixels.height,
    type,
    contentHash: await contentHash(pixels),
    perceptualHash: perceptualHash(pixels),
    blob: new Blob([file], { type }),
  };
}

function isStoredType(type: string): type is PhotoType {
  return type === 'image/jpeg' || type === 'image/png' || type === 'image/webp';
}

function fileName(path: string): string {
  return path.split('/').at(-1)!;
}
