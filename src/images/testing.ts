import { existsSync, readFileSync } from 'node:fs';
import type { Mask, Pixels } from './types.ts';

/** Bytes of a base64 string. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

/** float32 numbers of a base64 string. */
export const floatsOf = (base64: string): Float32Array => new Float32Array(bytesOf(base64).buffer);

/** The image that the golden files are about: every value from a formula in x and y. */
export function pattern(width: number, height: number, { opaque = true } = {}): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(
        [
          (x * 37 + y * 59) % 256,
          (x * x * 3 + 7 * y) % 256,
          ((x ^ y) * 21) % 256,
          opaque ? 255 : (x * 29 + y * y * 5) % 256,
        ],
        (y * width + x) * 4,
      );
    }
  }
  return { width, height, data };
}

/** A mask drawn with characters: `#` is object, anything else is not; one string a row. */
export function drawnMask(...rows: string[]): Mask {
  return {
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 255 : 0)),
  };
}

/** The inverse of `drawnMask`, for messages that can be read. */
export function drawing({ width, height, data }: Mask): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (value) => (value > 0 ? '#' : '.')).join(''),
  );
}

/**
 * A file of the golden folder beside the repository, or null with a warning that says which test does not run.
 * @param path below `shared/golden`
 */
export function sharedGolden(path: string, test: string): Uint8Array<ArrayBuffer> | null {
  const url = new URL(`../../../shared/golden/${path}`, import.meta.url);
  if (existsSync(url)) return new Uint8Array(readFileSync(url));
  console.warn(`SKIPPED: ${test}: ../shared/golden/${path} is not there`);
  return null;
}
