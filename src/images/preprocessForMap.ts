import { ImageSizeError } from './errors.ts';
import { longestEdgeSize, type PatchGeometry } from './geometry.ts';
import { interpolateBilinear } from './interpolate.ts';
import { normalizeWindow } from './normalize.ts';
import { centerCropGeometry, type EncoderInput, preprocess, resizeOpaque } from './preprocess.ts';
import type { PreprocessConfig } from './preprocessConfig.ts';
import type { Pixels } from './types.ts';

/**
 * How a photo of any shape becomes an encoder's input for a map. `size` is in pixels, a multiple of the patch size.
 * - `fit`: longer side to `size`, shorter side to the nearest multiple of the patch size. The grid covers exactly
 *   the whole photo; the aspect ratio changes by at most half a patch.
 * - `pad`: longer side to `size`, zeros (mean colour) at the bottom or right up to a square: SAM's, method §3.4.
 *   With `through`, the paper's detour: fitted and padded at `through` (1024), then point-sampled to `size` (896).
 * - `crop`: shorter side to a little over `size`, centre square, in the proportion of the encoder's configuration.
 * - `squash`: both sides to `size`.
 */
export type MapTarget =
  | { mode: 'fit' | 'crop' | 'squash'; size: number }
  | { mode: 'pad'; size: number; through?: number };

/**
 * Preprocess a photo for a dense map.
 * @throws ImageSizeError when `target.size` is no multiple of the patch size
 */
export function preprocessForMap(
  pixels: Pixels,
  patchSize: number,
  target: MapTarget,
  config: PreprocessConfig,
): EncoderInput {
  const { size } = target;
  if (!(Number.isInteger(size / patchSize) && size > 0)) {
    throw new ImageSizeError(
      `a map input of ${size} px is no multiple of the encoder's patch of ${patchSize} px`,
    );
  }
  if (target.mode === 'crop') {
    const edge = Math.round(
      (size * config.resizeShortestEdge) / Math.min(config.cropWidth, config.cropHeight),
    );
    const square = { ...config, resizeShortestEdge: edge, cropWidth: size, cropHeight: size };
    const geometry = centerCropGeometry(pixels.width, pixels.height, patchSize, square);
    return { values: preprocess(pixels, square), width: size, height: size, geometry };
  }
  if (target.mode === 'pad') return pad(pixels, patchSize, size, target.through ?? size, config);
  const { width, height } =
    target.mode === 'fit'
      ? wholePatches(pixels.width, pixels.height, patchSize, size)
      : { width: size, height: size };
  const resized = resizeOpaque(pixels, width, height, config);
  return {
    values: normalizeWindow(resized, { x: 0, y: 0, width, height }, config),
    width,
    height,
    geometry: wholeFrame(pixels, patchSize, { width, height }, { width, height }),
  };
}

function wholePatches(width: number, height: number, patchSize: number, size: number) {
  const scale = size / Math.max(width, height) / patchSize;
  const round = (side: number) => Math.max(1, Math.round(side * scale)) * patchSize;
  return { width: round(width), height: round(height) };
}

function pad(
  pixels: Pixels,
  patchSize: number,
  size: number,
  frame: number,
  config: PreprocessConfig,
): EncoderInput {
  const fitted = longestEdgeSize(pixels.width, pixels.height, frame);
  const resized = resizeOpaque(pixels, fitted.width, fitted.height, config);
  const padded = normalizeWindow(resized, { x: 0, y: 0, width: frame, height: frame }, config);
  const cells = size / patchSize;
  return {
    values: frame === size ? padded : interpolatePlanes(padded, frame, size),
    width: size,
    height: size,
    geometry: wholeFrame(pixels, frame / cells, { width: frame, height: frame }, fitted),
  };
}

function interpolatePlanes(planes: Float32Array, side: number, size: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(3 * size * size);
  for (let c = 0; c < 3; c++) {
    const plane = planes.subarray(c * side * side, (c + 1) * side * side);
    values.set(interpolateBilinear(plane, side, side, size, size), c * size * size);
  }
  return values;
}

function wholeFrame(
  pixels: Pixels,
  patchSize: number,
  frame: { width: number; height: number },
  resized: { width: number; height: number },
): PatchGeometry {
  return {
    photoWidth: pixels.width,
    photoHeight: pixels.height,
    patchSize,
    columns: Math.round(frame.width / patchSize),
    rows: Math.round(frame.height / patchSize),
    resizedWidth: resized.width,
    resizedHeight: resized.height,
    originX: 0,
    originY: 0,
  };
}
