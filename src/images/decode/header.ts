import { readBmffHeader } from './header-bmff.ts';
import { countGifFrames } from './header-gif.ts';
import { readJpegHeader } from './header-jpeg.ts';
import { readPngHeader } from './header-png.ts';
import { readWebpHeader } from './header-webp.ts';
import { type FileFormat, sniffFormat } from './sniff.ts';

/** What a picture file says about itself before anything is decoded. */
export interface ImageHeader {
  /** Stored size in pixels, before an orientation tag is applied; undefined where the file does not say. */
  width?: number;
  height?: number;
  /** More than one frame meant to be played. */
  animated: boolean;
  /** Whether the file reaches its own end; false for one cut short. */
  complete: boolean;
}

/**
 * Read a file's header without decoding. Walks the container's own structure (markers, chunks, boxes), so a
 * file cut short is noticed even where the browser's decoder would fill the rest with grey.
 */
export function readImageHeader(bytes: Uint8Array<ArrayBuffer>): ImageHeader & { format: FileFormat } {
  const format = sniffFormat(bytes);
  return { format, ...readFormat(format, bytes) };
}

function readFormat(format: FileFormat, bytes: Uint8Array<ArrayBuffer>): ImageHeader {
  switch (format) {
    case 'jpeg':
      return readJpegHeader(bytes);
    case 'png':
      return readPngHeader(bytes);
    case 'webp':
      return readWebpHeader(bytes);
    case 'avif':
    case 'heic':
      return readBmffHeader(bytes);
    case 'gif':
      return { animated: countGifFrames(bytes) > 1, complete: true };
    default:
      return { animated: false, complete: true };
  }
}
