import { ImageSizeError } from './errors.ts';
import { centerCropStart, type PatchGeometry, shortestEdgeSize } from './geometry.ts';
import { normalizeWindow } from './normalize.ts';
import type { PreprocessConfig } from './preprocessConfig.ts';
import { resize8 } from './resize8.ts';
import type { Pixels } from './types.ts';

/** An encoder's input made from a photo, and how its patch grid lies on that photo. */
export interface EncoderInput {
  /** [3, height, width] */
  values: Float32Array<ArrayBuffer>;
  width: number;
  height: number;
  geometry: PatchGeometry;
}

/**
 * Preprocess a photo as Hugging Face image processors do: shorter side to `resizeShortestEdge` (PIL's antialiased
 * filter), centre crop, rescale, normalize. Alpha is ignored.
 *
 * @returns [3, cropHeight, cropWidth]
 * @throws ImageSizeError when the crop is larger than the resized photo
 */
export function preprocess(pixels: Pixels, config: PreprocessConfig): Float32Array<ArrayBuffer> {
  const { width, height } = shortestEdgeSize(pixels.width, pixels.height, config.resizeShortestEdge);
  const { cropWidth, cropHeight } = config;
  if (cropWidth > width || cropHeight > height) {
    throw new ImageSizeError(
      `a crop of ${cropWidth}×${cropHeight} does not fit in a photo resized to ${width}×${height}; resizeShortestEdge (${config.resizeShortestEdge}) must be at least the crop`,
    );
  }
  const window = {
    x: centerCropStart(width, cropWidth),
    y: centerCropStart(height, cropHeight),
    width: cropWidth,
    height: cropHeight,
  };
  return normalizeWindow(resizeOpaque(pixels, width, height, config), window, config);
}

/** How the patch grid of `preprocess`'s output lies on the photo. */
export function centerCropGeometry(
  photoWidth: number,
  photoHeight: number,
  patchSize: number,
  config: PreprocessConfig,
): PatchGeometry {
  const resized = shortestEdgeSize(photoWidth, photoHeight, config.resizeShortestEdge);
  return {
    photoWidth,
    photoHeight,
    patchSize,
    columns: Math.floor(config.cropWidth / patchSize),
    rows: Math.floor(config.cropHeight / patchSize),
    resizedWidth: resized.width,
    resizedHeight: resized.height,
    originX: -centerCropStart(resized.width, config.cropWidth),
    originY: -centerCropStart(resized.height, config.cropHeight),
  };
}

/** Resize colours without regard to alpha, as PIL does after `convert('RGB')`. */
export function resizeOpaque(
  pixels: Pixels,
  width: number,
  height: number,
  { resample }: PreprocessConfig,
): Pixels {
  return {
    width,
    height,
    data: resize8(pixels.data, pixels.width, pixels.height, 4, width, height, resample),
  };
}
