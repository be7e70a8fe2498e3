import type { Pixels } from '../types.ts';
import { ImageFileError } from './errors.ts';
import { decodeHeic } from './heic.ts';
import { fitWithin, MAX_SIDE } from './limits.ts';
import { takeOrientation } from './orientation.ts';
import { refuseByHeader, refuseByPixels, refuseBySize } from './refuse.ts';
import { mimeType, type PhotoFormat } from './sniff.ts';
import { turn, uprightSize } from './turn.ts';

export interface DecodedImage {
  /** Upright, sRGB, at most `maxSide` on the longest side, straight (not premultiplied) alpha. */
  pixels: Pixels;
  format: PhotoFormat;
  /** Upright size of the file's picture, before any downscale. */
  sourceWidth: number;
  sourceHeight: number;
}

/**
 * Decode a photo file of any supported format (told by its content, not its name): EXIF orientation applied,
 * colours converted to sRGB, downscaled to `maxSide`. Needs a browser or a worker (createImageBitmap,
 * OffscreenCanvas).
 *
 * @throws ImageFileError naming the file, what is wrong with it and the remedy
 */
export async function decodeImage(
  file: Blob,
  fileName: string,
  { maxSide = MAX_SIDE }: { maxSide?: number } = {},
): Promise<DecodedImage> {
  refuseBySize(fileName, file.size);
  return decodeBytes(await readBytes(file, fileName), fileName, maxSide);
}

/**
 * `decodeImage` of a file that is read already.
 * @throws ImageFileError naming the file, what is wrong with it and the remedy
 */
export async function decodeBytes(
  file: Uint8Array<ArrayBuffer>,
  fileName: string,
  maxSide: number,
): Promise<DecodedImage> {
  const { format } = refuseByHeader(fileName, file);
  const { bytes, orientation } = takeOrientation(file, format);
  const bitmap = await decodeBitmap(bytes, format, fileName);
  try {
    refuseByPixels(fileName, bitmap.width, bitmap.height);
    const { width: sourceWidth, height: sourceHeight } = uprightSize(bitmap, orientation);
    const pixels = turn(drawScaled(bitmap, maxSide), 4, orientation);
    return { pixels, format, sourceWidth, sourceHeight };
  } finally {
    bitmap.close();
  }
}

/** A file's content. @throws ImageFileError when it is gone from the disk */
export async function readBytes(file: Blob, fileName: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new ImageFileError(
      fileName,
      'could not be read from the disk',
      'Check that it still exists, is not open in another program and, in a cloud folder, is downloaded',
      { cause },
    );
  }
}

async function decodeBitmap(
  bytes: Uint8Array<ArrayBuffer>,
  format: PhotoFormat,
  fileName: string,
): Promise<ImageBitmap> {
  const blob = new Blob([bytes], { type: mimeType(format) });
  try {
    if (format === 'heic') return await decodeHeic(blob);
    return await createImageBitmap(blob, { imageOrientation: 'from-image' });
  } catch (cause) {
    throw new ImageFileError(
      fileName,
      `looks like a ${format.toUpperCase()} picture but cannot be decoded`,
      format === 'avif' || format === 'heic'
        ? 'It may be damaged, or of a kind this browser does not know: export it as a JPEG and add that'
        : 'It is damaged: copy it again from the camera or phone, or open and save it in a photo program',
      { cause },
    );
  }
}

/**
 * Draw at most `maxSide` long. A picture more than twice too large is halved first, each time exactly 2×2
 * pixels into one, since a canvas does not average over more than it must.
 */
function drawScaled(bitmap: ImageBitmap, maxSide: number): Pixels {
  const target = fitWithin(bitmap.width, bitmap.height, maxSide);
  let source: CanvasImageSource = bitmap;
  let { width, height } = bitmap;
  while (width >= 2 * target.width && height >= 2 * target.height) {
    width = Math.max(target.width, width >> 1);
    height = Math.max(target.height, height >> 1);
    source = draw(source, width, height).canvas;
  }
  const { context } = draw(source, target.width, target.height);
  const { data } = context.getImageData(0, 0, target.width, target.height);
  return { ...target, data: data as Pixels['data'] };
}

function draw(source: CanvasImageSource, width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height);
  // Read back once and never shown: keep the pixels where the processor is.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context)
    throw new Error(`no 2D canvas of ${width} × ${height} to be had; close other tabs and try again`);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, width, height);
  return { canvas, context };
}
