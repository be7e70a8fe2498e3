import { PngError } from './chunks.ts';

/**
 * Undo PNG's scanline filters in place (PNG specification, section 9). `rows` holds one image or interlace
 * pass: `height` scanlines of one filter byte and `rowBytes` bytes.
 *
 * @param pixelBytes distance to the byte of the pixel on the left, at least 1
 */
export function unfilter(rows: Uint8Array, height: number, rowBytes: number, pixelBytes: number): void {
  const stride = rowBytes + 1;
  for (let y = 0; y < height; y++) {
    const row = y * stride + 1;
    const filter = rows[row - 1]!;
    if (filter > 4) throw new PngError(`scanline ${y} has the unknown filter ${filter}`);
    if (filter === 0) continue;
    for (let i = 0; i < rowBytes; i++) {
      const left = i >= pixelBytes ? rows[row + i - pixelBytes]! : 0;
      const up = y > 0 ? rows[row + i - stride]! : 0;
      const upLeft = y > 0 && i >= pixelBytes ? rows[row + i - stride - pixelBytes]! : 0;
      rows[row + i] = rows[row + i]! + predict(filter, left, up, upLeft);
    }
  }
}

function predict(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - upLeft;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toUpLeft = Math.abs(estimate - upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
