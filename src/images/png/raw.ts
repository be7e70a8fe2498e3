import { openPng } from './open.ts';
import { type PngHeader, type PngPalette, SAMPLES_PER_PIXEL, sample } from './samples.ts';

/** A PNG's samples as they are stored, neither scaled to 8 bits nor looked up in a palette. */
export interface RawPng {
  header: PngHeader;
  palette: PngPalette;
  /** `width × height × samples a pixel` numbers of the header's bit depth, row-major. */
  samples: Uint8Array | Uint16Array;
}

/**
 * Decode a PNG at its own depth: labels of 16 bits, 0/1 in one bit, indices of a palette.
 * @throws PngError saying what is wrong and where
 */
export function decodeRawPng(bytes: Uint8Array<ArrayBuffer>): RawPng {
  const { header, palette, scanlines } = openPng(bytes);
  const { width, height, bitDepth, colourType } = header;
  const each = SAMPLES_PER_PIXEL[colourType]!;
  const samples =
    bitDepth === 16 ? new Uint16Array(width * height * each) : new Uint8Array(width * height * each);
  for (const { line, columns, y, x0, dx } of scanlines()) {
    for (let x = 0; x < columns; x++) {
      const at = (y * width + x0 + x * dx) * each;
      for (let s = 0; s < each; s++) samples[at + s] = sample(line, x * each + s, bitDepth);
    }
  }
  return { header, palette, samples };
}
