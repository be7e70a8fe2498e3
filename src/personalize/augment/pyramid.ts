import type { Mask, Pixels } from '../../images/types.ts';

/** A photo at its own size and halved again and again, for antialiased sampling at any scale. */
export interface PhotoPyramid {
  width: number;
  height: number;
  /** RGBA levels, each half the size of the one before (rounded up). */
  levels: Pixels[];
  mask: Mask | undefined;
  /** Photo pixels that the mask calls object; 0 without a mask. */
  objectArea: number;
}

/** Halve a photo until its shorter side is below 16 pixels. */
export function buildPyramid(pixels: Pixels, mask?: Mask): PhotoPyramid {
  const levels = [pixels];
  let last = pixels;
  while (Math.min(last.width, last.height) >= 16) {
    last = halve(last);
    levels.push(last);
  }
  const { width, height } = pixels;
  const objectArea = mask ? (objectPixels(mask) * width * height) / (mask.width * mask.height) : 0;
  return { width, height, levels, mask, objectArea };
}

function objectPixels({ data }: Mask): number {
  let count = 0;
  for (const value of data) if (value > 0) count++;
  return count;
}

function halve({ width, height, data }: Pixels): Pixels {
  const w = Math.ceil(width / 2);
  const h = Math.ceil(height / 2);
  const half = new Uint8ClampedArray(w * h * 4);
  for (let y = 0; y < h; y++) {
    const y0 = 2 * y * width;
    const y1 = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < w; x++) {
      const x0 = 2 * x;
      const x1 = Math.min(2 * x + 1, width - 1);
      for (let c = 0; c < 4; c++) {
        half[(y * w + x) * 4 + c] =
          (data[(y0 + x0) * 4 + c]! +
            data[(y0 + x1) * 4 + c]! +
            data[(y1 + x0) * 4 + c]! +
            data[(y1 + x1) * 4 + c]!) /
          4;
      }
    }
  }
  return { width: w, height: h, data: half };
}
