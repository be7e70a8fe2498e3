import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import type { Philox } from '../../random/philox.ts';
import { jitterColors } from './colorJitter.ts';
import { type PreparedPhoto, paperView, preparePhoto } from './paperView.ts';
import { buildPyramid, type PhotoPyramid } from './pyramid.ts';
import { randomResizedCrop } from './randomResizedCrop.ts';
import type { AugmentSettings } from './settings.ts';
import { objectKept, type Warp, warpPhoto } from './warp.ts';

/** One augmented view, ready for the encoder. */
export interface AugmentedView {
  /** [3, S, S], normalized. */
  tensor: Float32Array;
  /** Object share of each patch, [(S/p)²]; −1 where more than half lies outside the photo. Absent without a mask. */
  coverage: Float32Array | undefined;
}

/** Draws of a crop until one keeps enough of the object. */
const CROP_TRIES = 8;

/** Draws views of one photo; what all of them share is made once. */
export class ViewSource {
  readonly #pixels: Pixels;
  readonly #mask: Mask | undefined;
  readonly #config: PreprocessConfig;
  readonly #patchSize: number;
  #pyramid: PhotoPyramid | undefined;
  #prepared: PreparedPhoto | undefined;

  /** @param config preprocessing of the encoder; views are squares of its crop */
  constructor(pixels: Pixels, mask: Mask | undefined, config: PreprocessConfig, patchSize: number) {
    this.#pixels = pixels;
    this.#mask = mask;
    this.#config = config;
    this.#patchSize = patchSize;
  }

  /** A random view: the same for the same generator state. */
  draw(settings: AugmentSettings, random: Philox): AugmentedView {
    const size = this.#config.cropWidth;
    if (settings.method === 'paper') {
      this.#prepared ??= preparePhoto(this.#pixels, this.#mask, this.#config);
      const { tensor, mask } = paperView(this.#prepared, size, settings, random);
      return { tensor, coverage: mask && patchCoverage(mask, size, this.#patchSize) };
    }
    this.#pyramid ??= buildPyramid(this.#pixels, this.#mask);
    const warp = drawWarp(this.#pyramid, settings, random);
    const { mean, std } = this.#config;
    const fill = mean.map((value) => value * 255) as [number, number, number];
    const { rgb, mask } = warpPhoto(this.#pyramid, warp, size, fill);
    if (settings.colorJitter) jitterColors(rgb, settings.colorJitter, random);
    normalize(rgb, mean, std);
    return { tensor: rgb, coverage: this.#mask && patchCoverage(mask, size, this.#patchSize) };
  }
}

function drawWarp(photo: PhotoPyramid, settings: AugmentSettings, random: Philox): Warp {
  const draw = (): Warp => ({
    window: randomResizedCrop(photo.width, photo.height, settings.cropArea, settings.cropAspect, random),
    flip: random.chance(settings.flip),
    radians: (random.uniform(-settings.rotationDegrees, settings.rotationDegrees) * Math.PI) / 180,
  });
  let best = draw();
  if (!photo.mask || settings.minObject === 0) return best;
  let kept = objectKept(photo, best);
  for (let attempt = 1; attempt < CROP_TRIES && kept < settings.minObject; attempt++) {
    const candidate = draw();
    const share = objectKept(photo, candidate);
    if (share > kept) [best, kept] = [candidate, share];
  }
  return best;
}

function normalize(rgb: Float32Array, mean: readonly number[], std: readonly number[]): void {
  const plane = rgb.length / 3;
  for (let c = 0; c < 3; c++) {
    const factor = 1 / (255 * std[c]!);
    const offset = mean[c]! / std[c]!;
    for (let i = c * plane; i < (c + 1) * plane; i++) rgb[i] = rgb[i]! * factor - offset;
  }
}

/** Object share of each patch of a warped mask [size, size] (255, 0, −1 outside); −1 where over half is outside. */
export function patchCoverage(mask: Float32Array, size: number, patchSize: number): Float32Array {
  const grid = Math.floor(size / patchSize);
  const coverage = new Float32Array(grid * grid);
  const area = patchSize * patchSize;
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      let object = 0;
      let outside = 0;
      for (let v = 0; v < patchSize; v++) {
        for (let u = 0; u < patchSize; u++) {
          const value = mask[(row * patchSize + v) * size + column * patchSize + u]!;
          if (value < 0) outside++;
          else if (value > 0) object++;
        }
      }
      coverage[row * grid + column] = outside * 2 > area ? -1 : object / (area - outside);
    }
  }
  return coverage;
}
