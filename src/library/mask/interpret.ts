import type { Mask, Pixels } from '../../images/types.ts';

/** How the object was found in a mask picture. */
export type MaskReading = 'alpha' | 'grey' | 'colour';

/** Colour channels further apart than this make a picture coloured rather than grey. */
const COLOUR_DIFFERENCE = 8;
/** In coloured masks, as of DAVIS, each object has a colour of its own, some quite dark; black is background. */
const COLOUR_FLOOR = 32;

/**
 * Make a binary mask (0, 255) of a mask picture:
 * - partly transparent: what is more opaque than not is the object (a cut-out);
 * - grey: above half of the brightest value, so that 0/1 and 0/255 masks both work;
 * - coloured: everything that is not black.
 */
export function interpretMask({ width, height, data }: Pixels): { mask: Mask; reading: MaskReading } {
  const count = width * height;
  let transparent = false;
  let coloured = false;
  let brightest = 0;
  for (let i = 0; i < count; i++) {
    const [r, g, b, a] = [data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!, data[4 * i + 3]!];
    const value = Math.max(r, g, b);
    if (a < 255) transparent = true;
    if (value - Math.min(r, g, b) > COLOUR_DIFFERENCE) coloured = true;
    if (value > brightest) brightest = value;
  }
  const reading = transparent ? 'alpha' : coloured ? 'colour' : 'grey';
  const threshold = { alpha: 127, grey: brightest / 2, colour: COLOUR_FLOOR - 1 }[reading];
  const mask = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const value =
      reading === 'alpha' ? data[4 * i + 3]! : Math.max(data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!);
    mask[i] = value > threshold ? 255 : 0;
  }
  return { mask: { width, height, data: mask }, reading };
}

/** Share of a mask that is object, 0…1. */
export function coverage({ data }: Mask): number {
  let object = 0;
  for (let i = 0; i < data.length; i++) if (data[i]! > 0) object++;
  return object / data.length;
}

/** Scale a binary mask by nearest neighbour, sampling at pixel centres. */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x++) {
      data[y * width + x] = mask.data[row + Math.floor(((x + 0.5) * mask.width) / width)]!;
    }
  }
  return { width, height, data };
}
