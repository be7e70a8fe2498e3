import { maskOf } from './mask/maskOf.ts';
import type { ResampleFilter } from './resample.ts';
import { resize8 } from './resize8.ts';
import type { Mask, Pixels } from './types.ts';

/** a·b/255 rounded, in integers. */
function multiply255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

function isOpaque({ data }: Pixels): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

/**
 * Antialiased resize as PIL's `Image.resize` of an RGBA image, bit for bit. Colours are weighted by alpha, so that
 * what is hidden under transparent pixels does not bleed into edges.
 * @throws ImageSizeError for sizes below 1
 */
export function resizePixels(
  pixels: Pixels,
  width: number,
  height: number,
  filter: ResampleFilter = 'bicubic',
): Pixels {
  if (width === pixels.width && height === pixels.height) {
    return { width, height, data: pixels.data.slice() };
  }
  const opaque = isOpaque(pixels);
  const source = opaque ? pixels.data : premultiply(pixels.data);
  const data = resize8(source, pixels.width, pixels.height, 4, width, height, filter);
  if (!opaque) unpremultiply(data);
  return { width, height, data };
}

function premultiply(data: Uint8ClampedArray): Uint8ClampedArray {
  const premultiplied = data.slice();
  for (let i = 0; i < data.length; i += 4) {
    for (let c = 0; c < 3; c++) premultiplied[i + c] = multiply255(data[i + c]!, data[i + 3]!);
  }
  return premultiplied;
}

function unpremultiply(data: Uint8ClampedArray): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = 0; c < 3; c++) data[i + c] = Math.floor((255 * data[i + c]!) / alpha);
  }
}

/**
 * A binary mask (0 or 255) at another size: each pixel is object where at least half of what it covers is
 * (antialiased bilinear).
 * @throws ImageSizeError for sizes below 1
 */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  const binary = maskOf(mask.data, mask.width, mask.height, (value) => value > 0);
  const resized = resize8(binary.data, mask.width, mask.height, 1, width, height, 'bilinear');
  return maskOf(resized, width, height, (value) => value >= 128);
}
