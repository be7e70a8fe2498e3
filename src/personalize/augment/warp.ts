import type { PhotoPyramid } from './pyramid.ts';
import type { CropWindow } from './randomResizedCrop.ts';

/** From output to photo: crop, then rotation about the crop's centre, then flip; all in continuous photo pixels. */
export interface Warp {
  window: CropWindow;
  flip: boolean;
  radians: number;
}

/** A warped photo, planar: rgb [3, size, size] in 0…255, and the mask by nearest pixel: 255, 0, or −1 outside the photo. */
export interface WarpedPhoto {
  rgb: Float32Array;
  mask: Float32Array;
}

/** Side of the grid of samples taken in each output pixel. */
const SAMPLES = 2;

/**
 * Draw a photo through a warp on a square of `size` pixels. Sampling is bilinear on the pyramid level whose pixels are at
 * most twice too fine, at four points a pixel, so nothing aliases. Outside the photo `fill` shows.
 */
export function warpPhoto(
  photo: PhotoPyramid,
  warp: Warp,
  size: number,
  fill: readonly [number, number, number],
): WarpedPhoto {
  const rgb = new Float32Array(3 * size * size);
  const mask = new Float32Array(size * size);
  const scale = Math.max(warp.window.width, warp.window.height) / size;
  const index = Math.max(0, Math.min(photo.levels.length - 1, Math.floor(Math.log2(Math.max(scale, 1)))));
  const level = photo.levels[index]!;
  const shrink = level.width / photo.width;
  const shrinkY = level.height / photo.height;
  const at = warpFunction(warp, size);
  const plane = size * size;
  const sum = [0, 0, 0];
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      sum.fill(0);
      for (let s = 0; s < SAMPLES * SAMPLES; s++) {
        const [x, y] = at(u + ((s % SAMPLES) + 0.5) / SAMPLES, v + (Math.floor(s / SAMPLES) + 0.5) / SAMPLES);
        if (x < 0 || y < 0 || x >= photo.width || y >= photo.height) {
          for (let c = 0; c < 3; c++) sum[c]! += fill[c]!;
        } else sampleInto(sum, level.data, level.width, level.height, x * shrink - 0.5, y * shrinkY - 0.5);
      }
      const pixel = v * size + u;
      for (let c = 0; c < 3; c++) rgb[c * plane + pixel] = sum[c]! / (SAMPLES * SAMPLES);
      mask[pixel] = maskAt(photo, ...at(u + 0.5, v + 0.5));
    }
  }
  return { rgb, mask };
}

/** Share of the object's area that a warp keeps in the frame, estimated on a grid of 32×32; 1 without a mask. */
export function objectKept(photo: PhotoPyramid, warp: Warp): number {
  const { mask } = photo;
  if (!mask) return 1;
  const grid = 32;
  const at = warpFunction(warp, grid);
  let inside = 0;
  for (let i = 0; i < grid * grid; i++) {
    if (maskAt(photo, ...at((i % grid) + 0.5, Math.floor(i / grid) + 0.5)) > 0) inside++;
  }
  const area = (inside / (grid * grid)) * warp.window.width * warp.window.height;
  let whole = 0;
  for (const value of mask.data) if (value > 0) whole++;
  whole *= (photo.width * photo.height) / mask.data.length;
  return whole === 0 ? 1 : area / whole;
}

/** The photo position (continuous pixels) that an output position shows. */
function warpFunction(
  { window, flip, radians }: Warp,
  size: number,
): (u: number, v: number) => [number, number] {
  const centerX = window.x + window.width / 2;
  const centerY = window.y + window.height / 2;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return (u, v) => {
    const across = flip ? size - u : u;
    const dx = (across / size - 0.5) * window.width;
    const dy = (v / size - 0.5) * window.height;
    return [centerX + cos * dx - sin * dy, centerY + sin * dx + cos * dy];
  };
}

function maskAt({ mask, width, height }: PhotoPyramid, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return -1;
  if (!mask) return 0;
  const column = Math.min(mask.width - 1, Math.floor((x * mask.width) / width));
  const row = Math.min(mask.height - 1, Math.floor((y * mask.height) / height));
  return mask.data[row * mask.width + column]! > 0 ? 255 : 0;
}

function sampleInto(
  sum: number[],
  data: Uint8ClampedArray,
  width: number,
  height: number,
  x: number,
  y: number,
): void {
  const left = Math.max(0, Math.min(width - 1, Math.floor(x)));
  const top = Math.max(0, Math.min(height - 1, Math.floor(y)));
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(height - 1, top + 1);
  const fx = Math.max(0, Math.min(1, x - left));
  const fy = Math.max(0, Math.min(1, y - top));
  const a = (top * width + left) * 4;
  const b = (top * width + right) * 4;
  const c = (bottom * width + left) * 4;
  const d = (bottom * width + right) * 4;
  for (let channel = 0; channel < 3; channel++) {
    const upper = data[a + channel]! * (1 - fx) + data[b + channel]! * fx;
    const lower = data[c + channel]! * (1 - fx) + data[d + channel]! * fx;
    sum[channel]! += upper * (1 - fy) + lower * fy;
  }
}
