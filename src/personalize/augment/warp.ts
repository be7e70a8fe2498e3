import { addBilinear } from './bilinear.ts';
import type { PhotoPyramid } from './pyramid.ts';
import type { CropWindow } from './randomResizedCrop.ts';

/** From output to photo: crop, then rotation about the crop's centre, then flip; all in continuous photo pixels. */
export interface Warp {
  window: CropWindow;
  flip: boolean;
  radians: number;
}

/** The same as one affine map: photo x = x0 + ux·u + vx·v and y = y0 + uy·u + vy·v of output (u, v), continuous pixels. */
export interface Affine {
  x0: number;
  ux: number;
  vx: number;
  y0: number;
  uy: number;
  vy: number;
}

/** A warped photo, planar: rgb [3, size, size] in 0…255, and the mask by nearest pixel: 255, 0, or −1 outside the photo. */
export interface WarpedPhoto {
  rgb: Float32Array<ArrayBuffer>;
  mask: Float32Array<ArrayBuffer>;
}

/** Compose a warp for a square of `size` output pixels. */
export function composeWarp({ window, flip, radians }: Warp, size: number): Affine {
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const across = (flip ? -1 : 1) * (window.width / size);
  const down = window.height / size;
  const [ux, vx, uy, vy] = [cos * across, -sin * down, sin * across, cos * down];
  return {
    x0: window.x + window.width / 2 - (ux + vx) * (size / 2),
    ux,
    vx,
    y0: window.y + window.height / 2 - (uy + vy) * (size / 2),
    uy,
    vy,
  };
}

/**
 * Draw a photo through a warp on a square of `size` pixels. Sampling is bilinear on the pyramid level whose pixels are at
 * most twice too fine, at four points an output pixel there, so nothing aliases. Outside the photo `fill` shows.
 */
export function warpPhoto(
  photo: PhotoPyramid,
  warp: Warp,
  size: number,
  fill: readonly [number, number, number],
): WarpedPhoto {
  const affine = composeWarp(warp, size);
  const scale = Math.max(warp.window.width, warp.window.height) / size;
  const index = Math.max(0, Math.min(photo.levels.length - 1, Math.floor(Math.log2(Math.max(scale, 1)))));
  const rgb = sampleLevel(photo, index, affine, size, scale > 1 ? 2 : 1, fill);
  return { rgb, mask: sampleMask(photo, affine, size) };
}

/** Share of the object's area that a warp keeps in the frame, estimated on a grid of 32×32; 1 without an object. */
export function objectKept(photo: PhotoPyramid, warp: Warp): number {
  if (photo.objectArea === 0) return 1;
  const grid = 32;
  let inside = 0;
  for (const value of sampleMask(photo, composeWarp(warp, grid), grid)) if (value > 0) inside++;
  const area = (inside / (grid * grid)) * warp.window.width * warp.window.height;
  return Math.min(1, area / photo.objectArea);
}

/** Nearest pixel of the mask under each output pixel's centre: 255, 0, or −1 outside the photo; [size, size]. */
function sampleMask(
  { mask, width, height }: PhotoPyramid,
  affine: Affine,
  size: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(size * size);
  const across = mask ? mask.width / width : 0;
  const down = mask ? mask.height / height : 0;
  for (let v = 0, at = 0; v < size; v++) {
    let x = affine.x0 + 0.5 * affine.ux + (v + 0.5) * affine.vx;
    let y = affine.y0 + 0.5 * affine.uy + (v + 0.5) * affine.vy;
    for (let u = 0; u < size; u++, at++, x += affine.ux, y += affine.uy) {
      if (x < 0 || y < 0 || x >= width || y >= height) result[at] = -1;
      else if (mask && mask.data[Math.floor(y * down) * mask.width + Math.floor(x * across)]! > 0)
        result[at] = 255;
    }
  }
  return result;
}

/** Mean of `samples`² bilinear samples of one level in each output pixel, planar [3, size, size]. */
function sampleLevel(
  photo: PhotoPyramid,
  index: number,
  affine: Affine,
  size: number,
  samples: number,
  fill: readonly [number, number, number],
): Float32Array<ArrayBuffer> {
  const level = photo.levels[index]!;
  const { width, height } = level;
  const toLevelX = width / photo.width;
  const toLevelY = height / photo.height;
  const plane = size * size;
  const rgb = new Float32Array(3 * plane);
  const sum = new Float64Array(3);
  const count = samples * samples;
  for (let v = 0, at = 0; v < size; v++) {
    for (let u = 0; u < size; u++, at++) {
      sum.fill(0);
      for (let s = 0; s < count; s++) {
        const su = u + ((s % samples) + 0.5) / samples;
        const sv = v + (Math.floor(s / samples) + 0.5) / samples;
        const x = (affine.x0 + affine.ux * su + affine.vx * sv) * toLevelX;
        const y = (affine.y0 + affine.uy * su + affine.vy * sv) * toLevelY;
        if (x >= 0 && y >= 0 && x < width && y < height) addBilinear(level, x, y, sum);
        else for (let c = 0; c < 3; c++) sum[c] = sum[c]! + fill[c]!;
      }
      for (let c = 0; c < 3; c++) rgb[c * plane + at] = sum[c]! / count;
    }
  }
  return rgb;
}
