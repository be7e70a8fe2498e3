import type { Pixels } from '../types.ts';

/** A picture with transparency laid on white; undefined for one that is opaque everywhere. */
export function flattenAlpha({ width, height, data }: Pixels): Pixels | undefined {
  const count = width * height;
  let transparent = false;
  for (let i = 0; i < count && !transparent; i++) transparent = data[4 * i + 3]! < 255;
  if (!transparent) return undefined;

  const opaque = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    const alpha = data[4 * i + 3]!;
    for (let c = 0; c < 3; c++) opaque[4 * i + c] = 255 + ((data[4 * i + c]! - 255) * alpha) / 255;
    opaque[4 * i + 3] = 255;
  }
  return { width, height, data: opaque };
}
