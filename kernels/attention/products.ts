/** The products of attention, out of tiles of 5 × 8 (`kernels/matrix/tile.ts`). */
import { tileOfColumns, tileOfRows } from '../matrix/tile';
import { madd } from '../simd';
import { FIVE_STEP, fivesOf, PANEL_STEP } from './panels';

/**
 * Each of `count` rows times a panel of eight: [count][8] at `to`, which has room for four rows more.
 * @param from rows of `width` numbers
 */
export function rowsTimesPanel(from: usize, stride: usize, count: i32, width: i32, panel: usize, to: usize): void {
  let row = from;
  for (let left = count; left > 0; left -= 5) {
    const r1 = left > 1 ? row + stride : row;
    const r2 = left > 2 ? r1 + stride : row;
    const r3 = left > 3 ? r2 + stride : row;
    const r4 = left > 4 ? r3 + stride : row;
    tileOfRows(to, row, r1, r2, r3, r4, panel, PANEL_STEP, width, false);
    row += 5 * stride;
    to += 160;
  }
}

/**
 * Eight weighted sums of rows, turned: [width rounded up to fives][8] at `to`.
 * @param fives pack of `count` rows, of which the first `used` take part
 * @param weights [used][8]
 * @param keep whether to add to what is there
 */
export function weightedSums(
  fives: usize,
  count: i32,
  used: i32,
  width: i32,
  weights: usize,
  to: usize,
  keep: bool,
): void {
  for (let group = fivesOf(width); group > 0; group--) {
    tileOfColumns(to, fives, FIVE_STEP, weights, PANEL_STEP, used, keep);
    fives += <usize>count * FIVE_STEP;
    to += 160;
  }
}

/**
 * Row j of `to` += factor · Σ_i weights[j][i] · from[i].
 * @param weights [count] rows, `weightStride` bytes apart, of which the first `terms` numbers are used
 * @param from `terms` rows of `width` numbers
 * @param tile scratch memory of a tile
 */
export function addWeightedRows(
  weights: usize,
  weightStride: usize,
  count: i32,
  terms: i32,
  from: usize,
  fromStride: usize,
  width: i32,
  factor: f32,
  to: usize,
  toStride: usize,
  tile: usize,
): void {
  for (let left = count; left > 0; left -= 5) {
    const w1 = left > 1 ? weights + weightStride : weights;
    const w2 = left > 2 ? w1 + weightStride : weights;
    const w3 = left > 3 ? w2 + weightStride : weights;
    const w4 = left > 4 ? w3 + weightStride : weights;
    let d: i32 = 0;
    for (; d + 8 <= width; d += 8) {
      const at = <usize>d * 4;
      tileOfRows(tile, weights, w1, w2, w3, w4, from + at, fromStride, terms, false);
      addTile(tile, factor, to + at, toStride, left);
    }
    if (d < width) {
      // Four columns are left: with the four before them, which are done.
      const at = <usize>(width - 4) * 4;
      tileOfRows(tile, weights, w1, w2, w3, w4, from + at - 16, fromStride, terms, false);
      addHalfTile(tile + 16, factor, to + at, toStride, left);
    }
    weights += 5 * weightStride;
    to += 5 * toStride;
  }
}

/** The first `rows` rows of a tile, at most five, times a factor, added to memory. */
function addTile(tile: usize, factor: f32, to: usize, stride: usize, rows: i32): void {
  const f = f32x4.splat(factor);
  for (let i = min(rows, 5); i > 0; i--) {
    v128.store(to, madd(f, v128.load(tile), v128.load(to)));
    v128.store(to, madd(f, v128.load(tile, 16), v128.load(to, 16)), 16);
    tile += 32;
    to += stride;
  }
}

/** The same for four columns of it. */
function addHalfTile(tile: usize, factor: f32, to: usize, stride: usize, rows: i32): void {
  const f = f32x4.splat(factor);
  for (let i = min(rows, 5); i > 0; i--) {
    v128.store(to, madd(f, v128.load(tile), v128.load(to)));
    tile += 32;
    to += stride;
  }
}
