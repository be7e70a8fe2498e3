import type { Mask, Pixels } from '../types.ts';

/**
 * Split a picture with transparency into an opaque one on white and the mask that its alpha channel is
 * (8-bit coverage). Undefined for a picture that is opaque everywhere.
 */
export function flattenAlpha(pixels: Pixels): { opaque: Pixels; mask: Mask } | undefined {
  const { width, height, data } = pixels;
  const count = width * height;
  let transparent = false;
  for (let i = 0; i < count && !transparent; i++) transparent = data[4 * i + 3]! < 255;
  if (!transparent) return undefined;

  const opaque = new Uint8ClampedArray(4 * count);
  const mask = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const alpha = data[4 * i + 3]!;
    for (let c = 0; c < 3; c++) opaque[4 * i + c] = 255 + ((data[4 * i + c]! - 255) * alpha) / 255;
    opaque[4 * i + 3] = 255;
    mask[i] = alpha;
  }
  return { opaque: { width, height, data: opaque }, mask: { width, height, data: mask } };
}
