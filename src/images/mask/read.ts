import { decodeBytes, readBytes } from '../decode/decode.ts';
import { ImageFileError } from '../decode/errors.ts';
import { isLossless } from '../decode/lossless.ts';
import { takeOrientation } from '../decode/orientation.ts';
import { refuseBySize } from '../decode/refuse.ts';
import { isPhotoFormat, sniffFormat } from '../decode/sniff.ts';
import { turn } from '../decode/turn.ts';
import { PngError } from '../png/chunks.ts';
import { decodeRawPng } from '../png/raw.ts';
import { coverage, type InterpretedMask, interpretMask } from './interpret.ts';
import { pictureOfPixels, pictureOfPng } from './picture.ts';

/** What is noted of a mask in which everything is object. */
export const COVERS_ALL = 'the mask covers the whole photo';

/** Longest side that masks are read at; photos are kept at a quarter of that. */
const MAX_SIDE = 8192;

/**
 * Read a mask from a picture of any format that photos may have, told by its content. This is the one reader of masks of
 * the page and of the commands; the rules are in `interpretMask`. A PNG is read at its own depth and without colour
 * management, in Node too; the other formats need a browser or a worker. An orientation that the file has is applied, as a
 * photo's is.
 *
 * @returns a binary mask of the file's size, upright; what the user should know of the reading
 * @throws ImageFileError for a file that cannot be read or that marks nothing
 */
export async function readMask(file: Blob, fileName: string): Promise<InterpretedMask> {
  refuseBySize(fileName, file.size);
  const read = await readAny(await readBytes(file, fileName), fileName);
  const share = coverage(read.mask);
  if (share === 0) throw marksNothing(fileName);
  if (share === 1) read.notes.push(COVERS_ALL);
  return read;
}

/** What to throw for a mask in which there is no object. */
export function marksNothing(fileName: string): ImageFileError {
  return new ImageFileError(
    fileName,
    'marks nothing',
    'In a mask the object is white (or opaque), the rest black',
  );
}

async function readAny(bytes: Uint8Array<ArrayBuffer>, fileName: string): Promise<InterpretedMask> {
  const format = sniffFormat(bytes);
  if (format === 'png') return readPng(bytes, fileName);
  const { pixels, sourceWidth, sourceHeight } = await decodeBytes(bytes, fileName, MAX_SIDE);
  // Labels that were averaged by a resize are no labels any more.
  const whole = pixels.width === sourceWidth && pixels.height === sourceHeight;
  const lossless = whole && isPhotoFormat(format) && isLossless(bytes, format);
  return interpretMask(pictureOfPixels(pixels, !lossless));
}

function readPng(bytes: Uint8Array<ArrayBuffer>, fileName: string): InterpretedMask {
  try {
    const read = interpretMask(pictureOfPng(decodeRawPng(bytes)));
    return { ...read, mask: turn(read.mask, 1, takeOrientation(bytes, 'png').orientation) };
  } catch (cause) {
    if (!(cause instanceof PngError)) throw cause;
    throw new ImageFileError(fileName, `cannot be read: ${cause.message}`, 'Export the mask again', {
      cause,
    });
  }
}
