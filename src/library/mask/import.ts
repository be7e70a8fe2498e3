import { coverage, type MaskReading } from '../../images/mask/interpret.ts';
import { marksNothing, readMask } from '../../images/mask/read.ts';
import { requireFit } from '../../images/mask/size.ts';
import type { Mask } from '../../images/types.ts';
import { resizeMask } from './resize.ts';

export interface ImportedMask {
  /** Binary, of the photo's size. */
  mask: Mask;
  reading: MaskReading;
  /** What was done to it, for the user to read. */
  notes: string[];
}

/**
 * Read a mask for a photo (`readMask`: a picture of any format). One of another size but the photo's shape is scaled
 * (photos may have been made smaller when they were added); any other is refused.
 *
 * @throws ImageFileError for a file that cannot be read or holds no object; MaskSizeError
 */
export async function importMask(
  file: Blob,
  fileName: string,
  photo: { name: string; width: number; height: number },
): Promise<ImportedMask> {
  const { mask: read, reading, notes } = await readMask(file, fileName);
  requireFit(fileName, read, photo.name, photo);
  if (read.width === photo.width && read.height === photo.height) return { mask: read, reading, notes };
  notes.unshift(`mask scaled from ${read.width} × ${read.height} to ${photo.width} × ${photo.height}`);
  const mask = resizeMask(read, photo.width, photo.height);
  // A speck may fall between the pixels of a smaller photo.
  if (coverage(mask) === 0) throw marksNothing(fileName);
  return { mask, reading, notes };
}
