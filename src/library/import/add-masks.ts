import { maskStems } from '../../files/dataset/entry.ts';
import { nameKey, stemOf } from '../../files/names.ts';
import { ImageFileError } from '../../images/decode/errors.ts';
import { MaskSizeError } from '../../images/mask/size.ts';
import type { Library } from '../library.ts';
import { importMask } from '../mask/import.ts';
import { StorageError } from '../storage/errors.ts';
import type { Photo } from '../types.ts';

export type AddMaskResult =
  | { ok: true; fileName: string; photo: Photo; notes: string[] }
  | { ok: false; fileName: string; reason: string; remedy: string };

/**
 * Import masks for photos that are there already, matched by name: `01.png` or `01_mask.png` is the mask
 * of `01.jpg`; of several photos of that name, the one added first without a mask. A mask in place is replaced
 * when no photo of that name is without one.
 */
export async function addMasks(
  library: Library,
  subjectId: string,
  files: readonly File[],
): Promise<AddMaskResult[]> {
  const photos = await library.photos.list(subjectId);
  const masked = new Set((await library.masks.list(subjectId)).map(({ photoId }) => photoId));
  const results: AddMaskResult[] = [];
  for (const file of files) {
    const named = photosOf(photos, nameKey(file.name));
    const photo = named.find(({ id }) => !masked.has(id)) ?? named[0];
    const result = await addMask(library, file, photo);
    if (result.ok) masked.add(result.photo.id);
    results.push(result);
  }
  return results;
}

/** The photos that a mask is called like, by the rules of folders: exactly, or else up to upper and lower case. */
function photosOf(photos: readonly Photo[], maskName: string): Photo[] {
  for (const stem of maskStems(maskName)) {
    for (const fold of [(text: string) => text, (text: string) => text.toLowerCase()]) {
      const named = photos.filter(({ name }) => fold(nameKey(stemOf(name))) === fold(stem));
      if (named.length) return named;
    }
  }
  return [];
}

async function addMask(library: Library, file: File, photo: Photo | undefined): Promise<AddMaskResult> {
  const fileName = file.name;
  if (!photo) {
    const reason = `${fileName} is the mask of no photo here.`;
    return { ok: false, fileName, reason, remedy: 'Give the mask the name of its photo: 01.png for 01.jpg.' };
  }
  try {
    const { mask, notes } = await importMask(file, fileName, photo);
    await library.masks.put(photo, mask, 'imported');
    return { ok: true, fileName, photo, notes };
  } catch (error) {
    if (error instanceof ImageFileError || error instanceof MaskSizeError || error instanceof StorageError) {
      return { ok: false, fileName, reason: error.message, remedy: error.remedy };
    }
    throw error;
  }
}
