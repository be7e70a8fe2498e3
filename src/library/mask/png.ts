import { decodePng } from '../../images/png/decode.ts';
import { encodeGreyPng } from '../../images/png/encode.ts';
import type { Mask } from '../../images/types.ts';

/** A mask as an 8-bit grey PNG, lossless. */
export function encodeMaskPng({ width, height, data }: Mask): Uint8Array<ArrayBuffer> {
  return encodeGreyPng(width, height, data);
}

/**
 * Read a grey PNG written by `encodeMaskPng`: its values as they are. For PNGs from elsewhere, see
 * `importMask`. @throws PngError
 */
export function decodeMaskPng(png: Uint8Array<ArrayBuffer>): Mask {
  const { width, height, data: rgba } = decodePng(png);
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = rgba[4 * i]!;
  return { width, height, data };
}
