import type { Library } from '../library.ts';
import { StorageError } from '../storage/errors.ts';
import type { Photo, PhotoRole } from '../types.ts';
import { MAX_PHOTOS, photoCountStatus } from './count.ts';
import { type ImportOptions, importPhotos, type RefusedPhoto } from './photos.ts';

export interface AddedPhoto {
  ok: true;
  fileName: string;
  photo: Photo;
  notes: string[];
}

export type AddResult = AddedPhoto | RefusedPhoto;

export interface AddOptions extends Pick<ImportOptions, 'onProgress' | 'signal'> {
  role?: PhotoRole;
  /** For test photos. */
  shift?: string;
  isSubject?: boolean;
  onResult?: (result: AddResult) => void;
}

/**
 * Import photo files into a subject, storing each as it is read, with the mask of its transparency if it has
 * one. Files beyond the limit of training photos are refused by name. A storage error (no room) refuses that
 * file and leaves all that was stored in place.
 */
export async function addPhotos(
  library: Library,
  subjectId: string,
  files: readonly File[],
  { role = 'train', shift, isSubject, onProgress, onResult, signal }: AddOptions = {},
): Promise<AddResult[]> {
  const existing = await library.photos.list(subjectId);
  let count = existing.filter((photo) => photo.role === role).length;
  const results: AddResult[] = [];
  await importPhotos(files, {
    existing,
    onProgress,
    signal,
    async onResult(result) {
      let added: AddResult;
      if (!result.ok) added = result;
      else if (role === 'train' && photoCountStatus(count).room === 0) added = beyondLimit(result.fileName);
      else {
        try {
          const photo = await library.photos.add(subjectId, { ...result.photo, role, shift, isSubject });
          if (result.mask) await library.masks.put(photo, result.mask, 'imported');
          added = { ok: true, fileName: result.fileName, photo, notes: result.notes };
          count++;
        } catch (error) {
          if (!(error instanceof StorageError)) throw error;
          added = notStored(result.fileName, error);
        }
      }
      results.push(added);
      onResult?.(added);
    },
  });
  return results;
}

function beyondLimit(fileName: string): RefusedPhoto {
  return {
    ok: false,
    fileName,
    kind: 'refused',
    reason: `${fileName} is one too many: a subject has at most ${MAX_PHOTOS} training photos.`,
    remedy: 'Remove some first, or add it as a test photo.',
  };
}

function notStored(fileName: string, { message, remedy }: StorageError): RefusedPhoto {
  return { ok: false, fileName, kind: 'refused', reason: `${fileName} was not stored. ${message}`, remedy };
}
