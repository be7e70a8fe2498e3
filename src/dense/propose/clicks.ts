import type { PatchGeometry } from '../../images/geometry.ts';
import { DenseInputError } from '../errors.ts';

/** A click on a photo, in photo pixels; a negative one says "not this". */
export interface Click {
  x: number;
  y: number;
  positive: boolean;
}

/** @throws DenseInputError unless there is a positive click and all are on the photo */
export function requireClicks(clicks: readonly Click[], { photoWidth, photoHeight }: PatchGeometry): void {
  if (!clicks.some(({ positive }) => positive)) {
    throw new DenseInputError('a mask proposal needs at least one click on the object');
  }
  for (const { x, y } of clicks) {
    if (!(x >= 0 && y >= 0 && x < photoWidth && y < photoHeight)) {
      throw new DenseInputError(
        `the click at (${x}, ${y}) is outside the photo of ${photoWidth}×${photoHeight}`,
      );
    }
  }
}

/** Squared distance from a position to the nearest of some clicks; infinite without any. */
export function nearestSquared(clicks: readonly Click[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const click of clicks) nearest = Math.min(nearest, (x - click.x) ** 2 + (y - click.y) ** 2);
  return nearest;
}

/** Clicks moved to a frame of another size. */
export function scaleClicks(clicks: readonly Click[], scaleX: number, scaleY: number): Click[] {
  return clicks.map(({ x, y, positive }) => ({ x: x * scaleX, y: y * scaleY, positive }));
}
