import { flattenAlpha } from '../../images/decode/alpha.ts';
import { decodeImage } from '../../images/decode/decode.ts';
import { encodeImage } from '../../images/decode/encode.ts';
import { coverage } from '../../images/mask/interpret.ts';
import { maskOf } from '../../images/mask/maskOf.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import type { NewPhoto } from '../types.ts';
import { contentHash, perceptualHash } from './hash.ts';

/** A photo file made ready to be stored: upright, of bearable size, without metadata. */
export interface PreparedPhoto {
  photo: Omit<NewPhoto, 'role'>;
  /** From the file's transparency, when it has some: a cut-out brings its own mask. */
  mask?: Mask;
  /** What was done to the picture, for the user to read. */
  notes: string[];
}

/**
 * Decode a photo file and encode it anew, so that none of its metadata (place, time, camera) is kept. PNG
 * stays lossless; everything else becomes a JPEG of quality 0.95.
 *
 * @throws ImageFileError
 */
export async function preparePhoto(file: Blob, fileName: string): Promise<PreparedPhoto> {
  const { pixels, format, sourceWidth, sourceHeight } = await decodeImage(file, fileName);
  const notes: string[] = [];
  if (pixels.width !== sourceWidth || pixels.height !== sourceHeight) {
    notes.push(`scaled from ${sourceWidth} × ${sourceHeight} to ${pixels.width} × ${pixels.height}`);
  }
  const flattened = flattenAlpha(pixels);
  const opaque = flattened ?? pixels;
  if (flattened) notes.push('transparent parts were filled with white');
  const mask = flattened && cutOutMask(pixels);
  if (mask) notes.push('the cut-out was taken as the mask');
  const type = format === 'png' ? 'image/png' : 'image/jpeg';
  return {
    photo: {
      name: fileName,
      width: opaque.width,
      height: opaque.height,
      type,
      contentHash: await contentHash(opaque),
      perceptualHash: perceptualHash(opaque),
      blob: await encodeImage(opaque, type),
    },
    mask,
    notes,
  };
}

/** Above this share of the picture, transparency is rounded corners or a shadow, not a cut-out. */
const CUT_OUT_COVERAGE = 0.95;

function cutOutMask({ width, height, data }: Pixels): Mask | undefined {
  const alpha = new Uint8Array(width * height);
  for (let i = 0; i < alpha.length; i++) alpha[i] = data[4 * i + 3]!;
  const mask = maskOf(alpha, width, height, (value) => value > 127);
  const share = coverage(mask);
  return share > 0 && share <= CUT_OUT_COVERAGE ? mask : undefined;
}
