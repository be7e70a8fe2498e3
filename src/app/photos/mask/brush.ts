import type { Mask } from '../../../images/types.ts';

/** A place on a photo, in its pixels. */
export interface Point {
  x: number;
  y: number;
}

/**
 * Paint a round stroke from one point to the next, in place.
 * @param value 255 for the brush, 0 for the eraser
 */
export function paintStroke(mask: Mask, from: Point, to: Point, radius: number, value: 0 | 255): void {
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - radius));
  const right = Math.min(mask.width - 1, Math.ceil(Math.max(from.x, to.x) + radius));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius));
  const bottom = Math.min(mask.height - 1, Math.ceil(Math.max(from.y, to.y) + radius));
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - from.x;
      const py = y + 0.5 - from.y;
      const along = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
      if (Math.hypot(px - along * dx, py - along * dy) <= radius) mask.data[y * mask.width + x] = value;
    }
  }
}

/** An empty mask. */
export function emptyMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** A copy that can be painted on. */
export function copyMask({ width, height, data }: Mask): Mask {
  return { width, height, data: data.slice() };
}

/** Share of the photo that is marked. */
export function maskShare({ data }: Mask): number {
  let count = 0;
  for (const value of data) if (value > 0) count++;
  return count / data.length;
}
