import type { Mask, Pixels } from '../../images/types.ts';
import { buildPyramid, type PhotoPyramid } from '../augment/pyramid.ts';
import { CutPasteError } from './errors.ts';

/** Share of a photo above which a mask is no cut-out but the whole photo. */
const WHOLE = 0.98;

/** An object cut from its photo: the photo's pyramid and how far inside the mask each pixel lies. */
export interface Cutout {
  photo: PhotoPyramid;
  /** Box of the mask in photo pixels. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** Signed distance to the mask's edge in photo pixels at mask resolution [photo.height, photo.width]: inside positive. */
  depth: Float32Array;
  /** Mean brightness of the object, 0…255. */
  brightness: number;
}

/**
 * Prepare an object for pasting.
 * @throws CutPasteError when the mask is empty or covers the whole photo
 */
export function makeCutout(pixels: Pixels, mask: Mask, name: string): Cutout {
  const { width, height } = pixels;
  const inside = new Uint8Array(width * height);
  let [left, right, top, bottom, count, light] = [width, -1, height, -1, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = Math.min(mask.height - 1, Math.floor((y * mask.height) / height)) * mask.width;
    for (let x = 0; x < width; x++) {
      if (mask.data[row + Math.min(mask.width - 1, Math.floor((x * mask.width) / width))] === 0) continue;
      const at = y * width + x;
      inside[at] = 1;
      count++;
      light +=
        0.299 * pixels.data[at * 4]! + 0.587 * pixels.data[at * 4 + 1]! + 0.114 * pixels.data[at * 4 + 2]!;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (count === 0)
    throw new CutPasteError(`${name}: its mask is empty. Click on the object to propose a mask.`);
  if (count > WHOLE * width * height) {
    throw new CutPasteError(`${name}: its mask covers the whole photo. Correct it with the eraser.`);
  }
  return {
    photo: buildPyramid(pixels),
    left,
    top,
    width: right - left + 1,
    height: bottom - top + 1,
    depth: signedDistance(inside, width, height),
    brightness: light / count,
  };
}

/**
 * Signed distance to the boundary between set and unset pixels, by the two-pass chamfer transform (weights 1 and √2,
 * Borgefors 1986): within a few per cent of Euclidean, enough for a feather of few pixels.
 */
export function signedDistance(inside: Uint8Array, width: number, height: number): Float32Array {
  const toOther = (value: number): Float32Array => {
    const far = width + height;
    const distance = Float32Array.from(inside, (set) => (set === value ? far : 0));
    const relax = (at: number, x: number, y: number, dx: number, dy: number): void => {
      const nx = x + dx;
      const ny = y + dy;
      if (nx < 0 || ny < 0 || nx >= width || ny >= height) return;
      const through = distance[ny * width + nx]! + (dx && dy ? Math.SQRT2 : 1);
      if (through < distance[at]!) distance[at] = through;
    };
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        if (distance[at] === 0) continue;
        relax(at, x, y, -1, 0);
        relax(at, x, y, -1, -1);
        relax(at, x, y, 0, -1);
        relax(at, x, y, 1, -1);
      }
    }
    for (let y = height - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--) {
        const at = y * width + x;
        if (distance[at] === 0) continue;
        relax(at, x, y, 1, 0);
        relax(at, x, y, 1, 1);
        relax(at, x, y, 0, 1);
        relax(at, x, y, -1, 1);
      }
    }
    return distance;
  };
  const outward = toOther(1);
  const inward = toOther(0);
  return outward.map((value, i) => (value > 0 ? value - 0.5 : 0.5 - inward[i]!));
}
