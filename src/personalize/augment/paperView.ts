import { centerCropGeometry, preprocess } from '../../images/preprocess.ts';
import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import { resizeFloat } from '../../images/resizeFloat.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import type { Philox } from '../../random/philox.ts';
import { randomResizedCrop } from './randomResizedCrop.ts';
import type { AugmentSettings } from './settings.ts';

/** A preprocessed photo: normalized [3, S, S] and its mask on the same pixels (255, 0), if it has one. */
export interface PreparedPhoto {
  tensor: Float32Array;
  mask: Float32Array | undefined;
}

/** Preprocess once what every paper view of a photo starts from. */
export function preparePhoto(
  pixels: Pixels,
  mask: Mask | undefined,
  config: PreprocessConfig,
): PreparedPhoto {
  return { tensor: preprocess(pixels, config), mask: mask && cropMask(pixels, mask, config) };
}

/**
 * A view as the reference code draws it (method §1.5), on the normalized tensor: flip, rotation by nearest pixel with
 * zero (the mean colour) outside, random resized crop by antialiased bilinear resizing. The mask goes along; −1 marks
 * what rotation brought in from outside.
 * @returns tensor [3, S, S] and mask [S, S]
 */
export function paperView(
  photo: PreparedPhoto,
  size: number,
  settings: AugmentSettings,
  random: Philox,
): { tensor: Float32Array; mask: Float32Array | undefined } {
  const flip = random.chance(settings.flip);
  const radians = (random.uniform(-settings.rotationDegrees, settings.rotationDegrees) * Math.PI) / 180;
  const { x, y, width, height } = randomResizedCrop(
    size,
    size,
    settings.cropArea,
    settings.cropAspect,
    random,
  );
  const source = rotationSource(size, radians, flip);
  const cut = (plane: Float32Array, outside: number): Float32Array => {
    const window = new Float32Array(width * height);
    for (let v = 0; v < height; v++) {
      for (let u = 0; u < width; u++) {
        const from = source[(y + v) * size + x + u]!;
        window[v * width + u] = from < 0 ? outside : plane[from]!;
      }
    }
    return window;
  };
  const area = size * size;
  const tensor = new Float32Array(3 * area);
  for (let c = 0; c < 3; c++) {
    const window = cut(photo.tensor.subarray(c * area, (c + 1) * area), 0);
    tensor.set(resizeFloat(window, width, height, size, size, 'bilinear'), c * area);
  }
  return { tensor, mask: photo.mask && nearest(cut(photo.mask, -1), width, height, size) };
}

/** For each pixel of the flipped, rotated image the pixel it comes from, or −1. */
function rotationSource(size: number, radians: number, flip: boolean): Int32Array {
  const source = new Int32Array(size * size);
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const center = size / 2;
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const dx = u + 0.5 - center;
      const dy = v + 0.5 - center;
      const x = Math.floor(center + cos * dx - sin * dy);
      const y = Math.floor(center + sin * dx + cos * dy);
      const inside = x >= 0 && y >= 0 && x < size && y < size;
      source[v * size + u] = inside ? y * size + (flip ? size - 1 - x : x) : -1;
    }
  }
  return source;
}

function nearest(plane: Float32Array, width: number, height: number, size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => {
    const x = Math.floor((((i % size) + 0.5) * width) / size);
    const y = Math.floor(((Math.floor(i / size) + 0.5) * height) / size);
    return plane[y * width + x]!;
  });
}

function cropMask({ width, height }: Pixels, mask: Mask, config: PreprocessConfig): Float32Array {
  const geometry = centerCropGeometry(width, height, 1, config);
  const { columns, rows, originX, originY, resizedWidth, resizedHeight } = geometry;
  return Float32Array.from({ length: columns * rows }, (_, i) => {
    const x = Math.floor((((i % columns) + 0.5 - originX) * mask.width) / resizedWidth);
    const y = Math.floor(((Math.floor(i / columns) + 0.5 - originY) * mask.height) / resizedHeight);
    return mask.data[y * mask.width + x]! > 0 ? 255 : 0;
  });
}
