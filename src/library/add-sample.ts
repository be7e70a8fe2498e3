import { decodeImage } from '../images/decode/decode.ts';
import { mimeType } from '../images/decode/sniff.ts';
import type { Mask } from '../images/types.ts';
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

/** Pictures that are read (fetched, decoded, hashed) while an earlier one is stored. */
const AHEAD = 4;

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
    const reading: Promise<ReadPicture>[] = [];
    for (const [i, { role, shift, isSubject }] of pictures.entries()) {
      while (reading.length < AHEAD && i + reading.length < pictures.length) {
        const next = readPicture(manifest, pictures[i + reading.length]!, signal);
        // Thrown where it is awaited, unless an earlier one was thrown before.
        next.catch(() => {});
        reading.push(next);
      }
      const { photo, mask } = await reading.shift()!;
      const stored = await library.photos.add(subject.id, { ...photo, role, shift, isSubject });
      if (mask) await library.masks.put(stored, mask, 'sample');
      onProgress?.({ done: i + 1, total: pictures.length });
    }
    return await library.subjects.complete(subject.id);
  } catch (error) {
    await library.subjects.delete(subject.id);
    throw error;
  }
}

/** A picture of a sample, ready to be stored. */
interface ReadPicture {
  photo: Omit<NewPhoto, 'role'>;
  mask: Mask | undefined;
}

/** Fetch, hash and measure a picture, whose file stays as it is, and fetch its mask. */
async function readPicture(
  manifest: SampleManifest,
  { image, mask }: SamplePicture,
  signal: AbortSignal | undefined,
): Promise<ReadPicture> {
  const load = async (path: string) => (await fetchSample(sampleUrl(manifest, path), signal)).blob();
  const [file, maskFile] = await Promise.all([load(image), mask === undefined ? undefined : load(mask)]);
  const name = fileName(image);
  const { pixels, format } = await decodeImage(file, name);
  const type = mimeType(format);
  if (!isStoredType(type)) throw new SampleError(`${image} is ${type}; samples are JPEG, PNG or WebP.`);
  const photo = {
    name,
    width: pixels.width,
    height: pixels.height,
    type,
    contentHash: await contentHash(pixels),
    perceptualHash: perceptualHash(pixels),
    // A server that says the right type saves a copy.
    blob: file.type === type ? file : new Blob([file], { type }),
  };
  const imported = maskFile && (await importMask(maskFile, fileName(mask!), photo));
  return { photo, mask: imported?.mask };
}

function isStoredType(type: string): type is PhotoType {
  return type === 'image/jpeg' || type === 'image/png' || type === 'image/webp';
}

function fileName(path: string): string {
  return path.split('/').at(-1)!;
}
