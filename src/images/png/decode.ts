import type { Pixels } from '../types.ts';
import { openPng } from './open.ts';
import { readSamples } from './samples.ts';

/**
 * Decode a PNG exactly: no colour management and no premultiplied alpha, which a browser's decoder would
 * apply and a mask must not suffer. All colour types, depths (16 bits are cut to 8), palettes, transparency
 * and interlacing.
 *
 * @returns 8-bit RGBA with straight alpha
 * @throws PngError saying what is wrong and where
 */
export function decodePng(bytes: Uint8Array<ArrayBuffer>): Pixels {
  const { header, palette, scanlines } = openPng(bytes);
  const { width, height } = header;
  const data = new Uint8ClampedArray(4 * width * height);
  for (const { line, columns, y, x0, dx } of scanlines())
    readSamples(line, columns, header, palette, data, 4 * (y * width + x0), 4 * dx);
  return { width, height, data };
}
