import { ImageFileError } from '../../images/decode/errors.ts';
import { refuseBySize } from '../../images/decode/refuse.ts';
import { sniffFormat } from '../../images/decode/sniff.ts';
import { PngError } from '../../images/png/chunks.ts';
import { decodePng } from '../../images/png/decode.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import { coverage, interpretMask, type MaskReading, resizeMask } from './interpret.ts';
import { MaskSizeError, sameAspect } from './size.ts';

export interface ImportedMask {
  /** Binary, of the photo's size. */
  mask: Mask;
  reading: MaskReading;
  /** What was done to it, for the user to read. */
  notes: string[];
}

/**
 * Read a PNG mask (grey, RGB, palette or with alpha) for a photo. One of another size but the photo's shape is
 * scaled (photos may have been made smaller when they were added); any other is refused.
 *
 * @throws ImageFileError for a file that is no readable PNG or holds no object; MaskSizeError
 */
export async function importMask(
  file: Blob,
  fileName: string,
  photo: { name: string; width: number; height: number },
): Promise<ImportedMask> {
  refuseBySize(fileName, file.size);
  const picture = readPicture(new Uint8Array(await file.arrayBuffer()), fileName);
  if (!sameAspect(picture, photo)) throw new MaskSizeError(fileName, picture, photo.name, photo);

  const { mask: read, reading } = interpretMask(picture);
  const notes: string[] = [];
  let mask = read;
  if (read.width !== photo.width || read.height !== photo.height) {
    notes.push(`mask scaled from ${read.width} × ${read.height} to ${photo.width} × ${photo.height}`);
    mask = resizeMask(read, photo.width, photo.height);
  }
  const share = coverage(mask);
  if (share === 0) {
    throw new ImageFileError(
      fileName,
      'marks nothing',
      'In a mask the object is white (or opaque), the rest black',
    );
  }
  if (share === 1) notes.push('the mask covers the whole photo');
  return { mask, reading, notes };
}

function readPicture(bytes: Uint8Array<ArrayBuffer>, fileName: string): Pixels {
  const format = sniffFormat(bytes);
  if (format !== 'png') {
    const what = format === 'unknown' ? 'is not a picture' : `is ${format.toUpperCase()}, not PNG`;
    throw new ImageFileError(fileName, what, 'Save the mask as a PNG: other formats blur its edge');
  }
  try {
    return decodePng(bytes);
  } catch (cause) {
    if (!(cause instanceof PngError)) throw cause;
    throw new ImageFileError(fileName, `cannot be read: ${cause.message}`, 'Export the mask again', {
      cause,
    });
  }
}
