import { requireLength, requireSize } from './errors.ts';
import { type ResampleFilter, resampleTaps, type Taps } from './resample.ts';

/** Fraction bits of the fixed-point weights: 32 less 8 for the pixel and 2 for the overshoot of bicubic. */
const FRACTION_BITS = 22;
const ONE = 1 << FRACTION_BITS;
const HALF = 1 << (FRACTION_BITS - 1);

function fixedPoint({ weights }: Taps): Int32Array {
  return Int32Array.from(weights, (w) => Math.trunc(w * ONE + (w < 0 ? -0.5 : 0.5)));
}

/**
 * Antialiased resize of interleaved 8-bit channels, each on its own, bit for bit as PIL does it: horizontal then
 * vertical, weights in 22-bit fixed point, rounded to 8 bits after each pass.
 *
 * @param source [height, width, channels]
 * @returns [targetHeight, targetWidth, channels]
 * @throws ImageSizeError for sizes below 1 or a source of another length
 */
export function resize8(
  source: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: number,
  targetWidth: number,
  targetHeight: number,
  filter: ResampleFilter,
): Uint8ClampedArray<ArrayBuffer> {
  requireSize('the image to resize', width, height);
  requireSize('the size to resize to', targetWidth, targetHeight);
  requireLength('the image to resize', source.length, width, height, channels);
  const narrowed =
    targetWidth === width ? source : horizontal(source, width, height, channels, targetWidth, filter);
  if (targetHeight === height) return new Uint8ClampedArray(narrowed);
  return vertical(narrowed, height, targetWidth * channels, targetHeight, filter);
}

function horizontal(
  source: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: number,
  targetWidth: number,
  filter: ResampleFilter,
): Uint8ClampedArray<ArrayBuffer> {
  const taps = resampleTaps(width, targetWidth, filter);
  const weights = fixedPoint(taps);
  const target = new Uint8ClampedArray(targetWidth * height * channels);
  for (let y = 0; y < height; y++) {
    const row = y * width * channels;
    let out = y * targetWidth * channels;
    for (let x = 0; x < targetWidth; x++) {
      const start = row + taps.first[x]! * channels;
      const weight = x * taps.stride;
      const count = taps.length[x]!;
      for (let c = 0; c < channels; c++) {
        let sum = HALF;
        let at = start + c;
        for (let k = 0; k < count; k++, at += channels) sum += Math.imul(source[at]!, weights[weight + k]!);
        target[out++] = sum >> FRACTION_BITS; // a clamped array clips to 0…255, as PIL's clip8
      }
    }
  }
  return target;
}

/** Row by row into one accumulator, so that memory is read in order. */
function vertical(
  source: Uint8Array | Uint8ClampedArray,
  height: number,
  rowLength: number,
  targetHeight: number,
  filter: ResampleFilter,
): Uint8ClampedArray<ArrayBuffer> {
  const taps = resampleTaps(height, targetHeight, filter);
  const weights = fixedPoint(taps);
  const target = new Uint8ClampedArray(rowLength * targetHeight);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < targetHeight; y++) {
    sums.fill(HALF);
    for (let k = 0; k < taps.length[y]!; k++) {
      const weight = weights[y * taps.stride + k]!;
      const row = (taps.first[y]! + k) * rowLength;
      for (let i = 0; i < rowLength; i++) sums[i] = sums[i]! + Math.imul(source[row + i]!, weight);
    }
    const out = y * rowLength;
    for (let i = 0; i < rowLength; i++) target[out + i] = sums[i]! >> FRACTION_BITS;
  }
  return target;
}
