import type { Pixels } from '../../images/types.ts';

/** Near duplicates differ in at most this many bits of the perceptual hash. */
export const NEAR_DUPLICATE_BITS = 4;

/** SHA-256 of a picture's size and RGBA bytes, as 64 hex digits: equal for equal pictures, whatever the file. */
export async function contentHash({ width, height, data }: Pixels): Promise<string> {
  const message = new Uint8Array(8 + data.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, width, true);
  view.setUint32(4, height, true);
  message.set(data, 8);
  return sha256(message);
}

/** SHA-256 of bytes, as 64 hex digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const COLUMNS = 9;
const ROWS = 8;

/**
 * Difference hash: the picture averaged to 9 × 8 grey cells, one bit for each pair of neighbours in a row, set
 * where the left one is brighter. Survives scaling, compression and brightness; 64 bits as 16 hex digits.
 */
export function perceptualHash(pixels: Pixels): string {
  const cells = averageCells(pixels);
  let hash = '';
  for (let y = 0; y < ROWS; y++) {
    let byte = 0;
    for (let x = 0; x < COLUMNS - 1; x++) {
      // A margin, so that a flat region (white background) gives no bits of noise.
      const brighter = cells[y * COLUMNS + x]! > cells[y * COLUMNS + x + 1]! + 0.5;
      byte = (byte << 1) | (brighter ? 1 : 0);
    }
    hash += byte.toString(16).padStart(2, '0');
  }
  return hash;
}

/** Mean luma (Rec. 601, 0…255) of 9 × 8 cells. */
function averageCells({ width, height, data }: Pixels): Float64Array {
  const cells = new Float64Array(COLUMNS * ROWS);
  for (let row = 0; row < ROWS; row++) {
    const y0 = Math.floor((row * height) / ROWS);
    const y1 = Math.max(y0 + 1, Math.floor(((row + 1) * height) / ROWS));
    for (let column = 0; column < COLUMNS; column++) {
      const x0 = Math.floor((column * width) / COLUMNS);
      const x1 = Math.max(x0 + 1, Math.floor(((column + 1) * width) / COLUMNS));
      let sum = 0;
      for (let y = y0; y < y1; y++) {
        for (let i = 4 * (y * width + x0); i < 4 * (y * width + x1); i += 4) {
          sum += 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
        }
      }
      cells[row * COLUMNS + column] = sum / ((y1 - y0) * (x1 - x0));
    }
  }
  return cells;
}

/** Number of differing bits of two perceptual hashes. */
export function hammingDistance(a: string, b: string): number {
  let bits = 0;
  for (let i = 0; i < a.length; i++) {
    let difference = Number.parseInt(a[i]!, 16) ^ Number.parseInt(b[i]!, 16);
    for (; difference; difference &= difference - 1) bits++;
  }
  return bits;
}
