import { tightBox } from '../../dense/box.ts';
import { resizePixels } from '../../images/resize.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import type { Philox } from '../../random/philox.ts';
import type { Framing } from './settings.ts';

/** A square of a photo at the generator's size, with the object's share of every pixel where it is known. */
export interface DreamBoothView {
  pixels: Pixels;
  mask: Mask | undefined;
}

/** A square of a photo, in its pixels. */
export interface Square {
  x: number;
  y: number;
  side: number;
}

/** Sides of the square over the longer side of the object's box, for framing by the object. */
const OBJECT_SHARE = [1.15, 2.2] as const;

/**
 * A random square: of the short side's size for framing by the photo; by the object one that holds its box, as far as the
 * photo reaches.
 */
export function randomSquare(
  { width, height }: Pixels,
  mask: Mask | undefined,
  framing: Framing,
  random: Philox,
): Square {
  const short = Math.min(width, height);
  const box = framing === 'object' && mask ? tightBox(mask) : null;
  if (!box || !mask) {
    return { x: random.int(width - short + 1), y: random.int(height - short + 1), side: short };
  }
  const [scaleX, scaleY] = [width / mask.width, height / mask.height];
  const [left, top, boxWidth, boxHeight] = [
    box[0] * scaleX,
    box[1] * scaleY,
    box[2] * scaleX,
    box[3] * scaleY,
  ];
  const side = Math.min(
    short,
    Math.max(8, Math.round(Math.max(boxWidth, boxHeight) * random.uniform(...OBJECT_SHARE))),
  );
  const place = (start: number, size: number, limit: number): number => {
    // Any place where the box is inside; where it does not fit, any where the square lies within the box.
    const from = Math.max(0, Math.min(start, start + size - side));
    const to = Math.min(limit - side, Math.max(start, start + size - side));
    return Math.round(from <= to ? random.uniform(from, to) : Math.min(Math.max(0, start), limit - side));
  };
  return { x: place(left, boxWidth, width), y: place(top, boxHeight, height), side };
}

/** Cut a square out of a photo and its mask alike, resize to `size`, mirror or not: image and mask share every transform. */
export function cutView(
  photo: Pixels,
  mask: Mask | undefined,
  square: Square,
  size: number,
  mirrored: boolean,
): DreamBoothView {
  const pixels = resizePixels(crop(photo, square, mirrored), size, size);
  if (!mask) return { pixels, mask: undefined };
  // A mask as a grey picture goes exactly the same way.
  const grey = crop(greyPicture(mask, photo.width, photo.height), square, mirrored);
  const resized = resizePixels(grey, size, size, 'bilinear').data;
  const data = new Uint8Array(size * size);
  for (let i = 0; i < data.length; i++) data[i] = resized[4 * i]!;
  return { pixels, mask: { width: size, height: size, data } };
}

/** The mask at the photo's size. */
function greyPicture(mask: Mask, width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = Math.min(mask.height - 1, Math.floor(((y + 0.5) * mask.height) / height));
    for (let x = 0; x < width; x++) {
      const column = Math.min(mask.width - 1, Math.floor(((x + 0.5) * mask.width) / width));
      const value = mask.data[row * mask.width + column]! > 0 ? 255 : 0;
      data.fill(value, 4 * (y * width + x), 4 * (y * width + x) + 3);
      data[4 * (y * width + x) + 3] = 255;
    }
  }
  return { width, height, data };
}

function crop({ width, data }: Pixels, { x, y, side }: Square, mirrored: boolean): Pixels {
  const out = new Uint8ClampedArray(side * side * 4);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const from = ((y + row) * width + x + (mirrored ? side - 1 - column : column)) * 4;
      out.set(data.subarray(from, from + 4), (row * side + column) * 4);
    }
  }
  return { width: side, height: side, data: out };
}

/**
 * Weights of latent cells in the squared error: with m the object's mean share of a cell, w = (m + floor)/max and then
 * w² (method §1.3: prediction and target are both multiplied by w).
 * @param cells latent cells a side; divides the mask's
 */
export function maskWeights({ width, data }: Mask, cells: number, floor: number): Float32Array {
  const step = width / cells;
  const weights = new Float32Array(cells * cells);
  for (let y = 0; y < cells; y++) {
    for (let x = 0; x < cells; x++) {
      let sum = 0;
      for (let i = 0; i < step; i++)
        for (let j = 0; j < step; j++) sum += data[(y * step + i) * width + x * step + j]!;
      weights[y * cells + x] = sum / (255 * step * step) + floor;
    }
  }
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  return weights.map((value) => (value / most) ** 2);
}
