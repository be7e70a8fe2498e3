import { requireLength, requireSize } from './errors.ts';
import { type ResampleFilter, resampleTaps } from './resample.ts';

/**
 * Antialiased resize of one float plane, as PIL does it for mode `F`: sums in double, float32 between the passes.
 *
 * @param source [height, width]
 * @returns [targetHeight, targetWidth]
 * @throws ImageSizeError for sizes below 1 or a source of another length
 */
export function resizeFloat(
  source: Float32Array,
  width: number,
  height: number,
  targetWidth: number,
  targetHeight: number,
  filter: ResampleFilter = 'bicubic',
): Float32Array<ArrayBuffer> {
  requireSize('the plane to resize', width, height);
  requireSize('the size to resize to', targetWidth, targetHeight);
  requireLength('the plane to resize', source.length, width, height, 1);
  const narrowed = targetWidth === width ? source : alongRows(source, width, height, targetWidth, filter);
  if (targetHeight === height) return new Float32Array(narrowed);
  return alongColumns(narrowed, targetWidth, height, targetHeight, filter);
}

function alongRows(
  source: Float32Array,
  width: number,
  height: number,
  targetWidth: number,
  filter: ResampleFilter,
): Float32Array<ArrayBuffer> {
  const { first, length, stride, weights } = resampleTaps(width, targetWidth, filter);
  const target = new Float32Array(targetWidth * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < targetWidth; x++) {
      const start = y * width + first[x]!;
      let sum = 0;
      for (let k = 0; k < length[x]!; k++) sum += source[start + k]! * weights[x * stride + k]!;
      target[y * targetWidth + x] = sum;
    }
  }
  return target;
}

function alongColumns(
  source: Float32Array,
  width: number,
  height: number,
  targetHeight: number,
  filter: ResampleFilter,
): Float32Array<ArrayBuffer> {
  const { first, length, stride, weights } = resampleTaps(height, targetHeight, filter);
  const target = new Float32Array(width * targetHeight);
  const sums = new Float64Array(width);
  for (let y = 0; y < targetHeight; y++) {
    sums.fill(0);
    for (let k = 0; k < length[y]!; k++) {
      const weight = weights[y * stride + k]!;
      const row = (first[y]! + k) * width;
      for (let x = 0; x < width; x++) sums[x] = sums[x]! + source[row + x]! * weight;
    }
    target.set(sums, y * width);
  }
  return target;
}
