import { ImageFileError } from '../../images/decode/errors.ts';
import { MaskSizeError } from '../../images/mask/size.ts';
import type { Library } from '../library.ts';
import { importMask } from '../mask/import.ts';
import { StorageError } from '../storage/errors.ts';
import type { Photo, PhotoRole } from '../types.ts';
import { MAX_PHOTOS, photoCountStatus } from './count.ts';
import { type ImportedPhoto, type ImportOptions, importPhotos, type RefusedPhoto } from './photos.ts';

export interface AddedPhoto {
  ok: true;
  fileName: string;
  photo: Photo;
  /** What was done and noticed, for the user to read; `maskProblem` is among it. */
  notes: string[];
  /** Why the mask that came along was not taken: a sentence that names the mask, and what to do. */
  maskProblem?: string;
}

export type AddResult = AddedPhoto | RefusedPhoto;

/** A photo to add; `subjectItems` makes these of a folder. */
export interface PhotoItem {
  file: File;
  role: PhotoRole;
  /** Mask that came along, a picture of any format. */
  mask?: File;
  /** For test photos: how they differ, and whether the subject is in them. */
  shift?: string;
  isSubject?: boolean;
}

export interface AddOptions extends Pick<ImportOptions, 'onProgress' | 'signal'> {
  onResult?: (result: AddResult) => void;
}

/**
 * Import photo files into a subject, storing each as it is read, with the mask that came along or that its
 * transparency is. Training photos beyond the limit are refused by name. A storage error (no room) refuses
 * that file and leaves all that was stored in place.
 */
export async function addPhotos(
  library: Library,
  subjectId: string,
  items: readonly PhotoItem[],
  { onProgress, onResult, signal }: AddOptions = {},
): Promise<AddResult[]> {
  const existing = await library.photos.list(subjectId);
  let trainCount = existing.filter(({ role }) => role === 'train').length;
  const results: AddResult[] = [];
  await importPhotos(
    items.map(({ file }) => file),
    {
      existing,
      onProgress,
      signal,
      async onResult(result) {
        const item = items[results.length]!;
        let added: AddResult;
        if (!result.ok) added = result;
        else if (item.role === 'train' && photoCountStatus(trainCount).room === 0)
          added = beyondLimit(result.fileName);
        else added = await store(library, subjectId, item, result);
        if (added.ok && item.role === 'train') trainCount++;
        results.push(added);
        onResult?.(added);
      },
    },
  );
  return results;
}

async function store(
  library: Library,
  subjectId: string,
  { role, mask, shift, isSubject }: PhotoItem,
  { fileName, photo, mask: cutOut, notes }: ImportedPhoto,
): Promise<AddResult> {
  try {
    const stored = await library.photos.add(subjectId, { ...photo, role, shift, isSubject });
    if (!mask) {
      if (cutOut) await library.masks.put(stored, cutOut, 'imported');
      return { ok: true, fileName, photo: stored, notes };
    }
    const taken = await storeMask(library, stored, mask);
    if ('notes' in taken) return { ok: true, fileName, photo: stored, notes: [...notes, ...taken.notes] };
    const { problem } = taken;
    notes.push(`its mask was left out: ${problem}`);
    return { ok: true, fileName, photo: stored, notes, maskProblem: problem };
  } catch (error) {
    if (error instanceof StorageError) return notStored(fileName, error);
    throw error;
  }
}

/** Stores the mask or says why not: a mask that cannot be taken is no reason to refuse its photo. */
async function storeMask(
  library: Library,
  photo: Photo,
  file: File,
): Promise<{ notes: string[] } | { problem: string }> {
  try {
    const { mask, notes } = await importMask(file, file.name, photo);
    await library.masks.put(photo, mask, 'imported');
    return { notes };
  } catch (error) {
    if (error instanceof ImageFileError || error instanceof MaskSizeError) {
      return { problem: `${error.message} ${error.remedy.replace(/[^.]$/, '$&.')}` };
    }
    throw error;
  }
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
