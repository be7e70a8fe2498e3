import type { Mask } from '../images/types.ts';
import { removeSmallComponents } from './components.ts';
import { DenseInputError, requirePlane } from './errors.ts';
import { close } from './morphology.ts';
import { otsuThreshold } from './otsu.ts';

/** Components of fewer pixels are dropped (method §3.4 step 5). */
export const MIN_COMPONENT = 100;

/**
 * The map stretched to 0…1. A constant map becomes 0; NaN (where a crop left the photo out) stays NaN.
 * @throws DenseInputError when no value is a number
 */
export function minMaxNormalize(map: Float32Array): Float32Array<ArrayBuffer> {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of map) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) throw new DenseInputError('a map without any number cannot be normalized');
  const span = Math.fround(high - low) || 1;
  const normalized = new Float32Array(map.length);
  for (let i = 0; i < map.length; i++) normalized[i] = Math.fround(map[i]! - low) / span;
  return normalized;
}

/** A map cut in two. */
export interface Foreground {
  mask: Mask;
  /** Otsu's threshold of the min-max normalized map, 0…1. */
  threshold: number;
}

/**
 * Min-max normalize a map, find Otsu's threshold, and take what is above. Empty for a constant map.
 * @param map [height, width]; NaN is never foreground
 */
export function otsuForeground(map: Float32Array, width: number, height: number): Foreground {
  requirePlane('the map', map.length, width, height);
  const normalized = minMaxNormalize(map);
  const threshold = otsuThreshold(withoutNaN(normalized));
  // A loop of its own: `maskOf` serves arrays of all kinds, and is several times slower on whole photos.
  const data = new Uint8Array(normalized.length);
  for (let i = 0; i < data.length; i++) if (normalized[i]! > threshold) data[i] = 255;
  return { mask: { width, height, data }, threshold };
}

/** The numbers of a map; the map itself where it has nothing else, which is the rule (filtering a photo takes long). */
function withoutNaN(map: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  for (let i = 0; i < map.length; i++)
    if (Number.isNaN(map[i]!)) return map.filter((value) => !Number.isNaN(value));
  return map;
}

/**
 * Clean-up of method §3.4 step 5: drop components under `minSize` pixels (sharing edges), then binary closing with a
 * radius-1 disk. The reference dilates and erodes by the same disk once more, which a closed mask does not feel.
 */
export function cleanUp(mask: Mask, minSize: number = MIN_COMPONENT): Mask {
  return close(removeSmallComponents(mask, minSize));
}

/**
 * Mask of a map as method §3.4 step 5: min-max, Otsu, clean-up.
 * @param map [height, width] at the resolution of the photo
 */
export function otsuMask(
  map: Float32Array,
  width: number,
  height: number,
  minSize: number = MIN_COMPONENT,
): Foreground {
  const { mask, threshold } = otsuForeground(map, width, height);
  return { mask: cleanUp(mask, minSize), threshold };
}
