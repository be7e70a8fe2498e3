import { requireLength, requireSize } from './errors.ts';

/** Two neighbours and the weight of the second, for each output position; `NaN` weight where there is no source. */
export interface LinearTaps {
  lower: Int32Array;
  upper: Int32Array;
  fraction: Float64Array;
}

/**
 * Taps of point-sampled linear interpolation: output position i (its centre) lies at source position
 * `offset + (i + 0.5)·step`, in source pixels counted from the source's edge.
 * @param low first source pixel that may be read; positions before its centre repeat it
 * @param high one past the last source pixel that may be read; positions after its centre repeat it
 */
export function linearTaps(
  count: number,
  step: number,
  offset: number,
  low: number,
  high: number,
): LinearTaps {
  const lower = new Int32Array(count);
  const upper = new Int32Array(count);
  const fraction = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const position = Math.min(Math.max(offset + (i + 0.5) * step - 0.5, low), high - 1);
    lower[i] = Math.floor(position);
    upper[i] = Math.min(lower[i]! + 1, high - 1);
    fraction[i] = position - lower[i]!;
  }
  return { lower, upper, fraction };
}

/** Interpolate one plane at the crossings of two sets of taps. A NaN fraction gives NaN. */
export function sampleBilinear(
  source: Float32Array,
  sourceWidth: number,
  columns: LinearTaps,
  rows: LinearTaps,
): Float32Array<ArrayBuffer> {
  const width = columns.lower.length;
  const height = rows.lower.length;
  const target = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = rows.lower[y]! * sourceWidth;
    const bottom = rows.upper[y]! * sourceWidth;
    const down = rows.fraction[y]!;
    for (let x = 0; x < width; x++) {
      const left = columns.lower[x]!;
      const right = columns.upper[x]!;
      const across = columns.fraction[x]!;
      const above = source[top + left]! + (source[top + right]! - source[top + left]!) * across;
      const below = source[bottom + left]! + (source[bottom + right]! - source[bottom + left]!) * across;
      target[y * width + x] = above + (below - above) * down;
    }
  }
  return target;
}

/**
 * Bilinear interpolation of one float plane without antialiasing, half-pixel centres, edges repeated: torch's
 * `interpolate(mode='bilinear', align_corners=False)`. To shrink photos use `resizeFloat`.
 *
 * @param source [height, width]
 * @returns [targetHeight, targetWidth]
 * @throws ImageSizeError for sizes below 1 or a source of another length
 */
export function interpolateBilinear(
  source: Float32Array,
  width: number,
  height: number,
  targetWidth: number,
  targetHeight: number,
): Float32Array<ArrayBuffer> {
  requireSize('the plane to interpolate', width, height);
  requireSize('the size to interpolate to', targetWidth, targetHeight);
  requireLength('the plane to interpolate', source.length, width, height, 1);
  return sampleBilinear(
    source,
    width,
    linearTaps(targetWidth, width / targetWidth, 0, 0, width),
    linearTaps(targetHeight, height / targetHeight, 0, 0, height),
  );
}
