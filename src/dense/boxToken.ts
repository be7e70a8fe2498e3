import { type PatchGeometry, patchAt, patchRect } from '../images/geometry.ts';
import type { Box } from './box.ts';
import { norm } from './vectors.ts';

/**
 * Mean unit patch token of a box (method §3.4 step 7): of the patches whose centre lies in it, or of the one that holds
 * the box's centre when it is smaller than a patch. The reference squashes the photo's frame onto the padded grid, which
 * is right for square photos only, and has no number for small boxes; here boxes follow the photo's true place.
 *
 * @param tokens [patches, dimension]
 * @param box in photo pixels
 * @returns [dimension]; need not be of length 1
 */
export function boxToken(
  tokens: Float32Array,
  dimension: number,
  geometry: PatchGeometry,
  [left, top, width, height]: Readonly<Box>,
): Float32Array<ArrayBuffer> {
  const inside: number[] = [];
  for (let i = 0; i < geometry.columns * geometry.rows; i++) {
    const rect = patchRect(geometry, i);
    const x = rect.x + rect.width / 2;
    const y = rect.y + rect.height / 2;
    if (x >= left && x < left + width && y >= top && y < top + height) inside.push(i);
  }
  if (inside.length === 0) {
    const x = Math.min(Math.max(left + width / 2, 0), geometry.photoWidth - 1);
    const y = Math.min(Math.max(top + height / 2, 0), geometry.photoHeight - 1);
    inside.push(patchAt(geometry, x, y) ?? 0);
  }
  return unitMean(tokens, dimension, inside);
}

/**
 * The same as the reference computes it: the photo's frame is squashed onto the whole grid, padding and all, and the box's
 * corners are rounded down to patches.
 * @returns null for a box smaller than a patch, for which the reference has no number
 */
export function squashedBoxToken(
  tokens: Float32Array,
  dimension: number,
  { columns, rows, photoWidth, photoHeight }: PatchGeometry,
  [left, top, width, height]: Readonly<Box>,
): Float32Array<ArrayBuffer> | null {
  const column = (x: number) => Math.floor((x / photoWidth) * columns);
  const row = (y: number) => Math.floor((y / photoHeight) * rows);
  const inside: number[] = [];
  for (let y = row(top); y < Math.min(rows, row(top + height)); y++)
    for (let x = column(left); x < Math.min(columns, column(left + width)); x++) inside.push(y * columns + x);
  return inside.length > 0 ? unitMean(tokens, dimension, inside) : null;
}

function unitMean(
  tokens: Float32Array,
  dimension: number,
  patches: readonly number[],
): Float32Array<ArrayBuffer> {
  const sum = new Float32Array(dimension);
  for (const index of patches) {
    const start = index * dimension;
    const length = norm(tokens, start, dimension) || 1;
    for (let i = 0; i < dimension; i++) sum[i]! += tokens[start + i]! / length / patches.length;
  }
  return sum;
}
