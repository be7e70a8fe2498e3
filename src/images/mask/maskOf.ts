import type { Mask } from '../types.ts';

/** The binary mask of the values that `isObject` accepts, [height, width]. */
export function maskOf(
  values: ArrayLike<number>,
  width: number,
  height: number,
  isObject: (value: number) => boolean,
): Mask {
  // A plain loop: TypedArray.from with a function is many times slower on whole photos.
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) if (isObject(values[i]!)) data[i] = 255;
  return { width, height, data };
}
