/**
 * The innermost part of a product: five rows by eight columns of C, kept in ten registers over a run of k, then left in scratch
 * memory. V8 keeps exactly this shape without spilling, fused or not: on an EPYC 4 × 8 reaches 42, 5 × 8 54 and 6 × 8 28 GFLOP/s without
 * fused multiply-add (51, 53, 57 with it). The functions are exported, so that the compiler does not merge them with their
 * callers: there, registers run out.
 */
import { madd } from '../simd';

/** Bytes of a tile in scratch memory. */
export const TILE_BYTES: usize = 160;

/**
 * Tile (+)= A·B over k numbers.
 * @param tile result; added to when `keep`
 * @param a0 … a4 rows of A
 * @param b first of k rows of eight numbers, `bStep` bytes apart
 */
export function tileOfRows(tile: usize, a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, b: usize, bStep: usize, k: i32, keep: bool): void {
  let l0 = keep ? v128.load(tile, 0) : f32x4.splat(0);
  let r0 = keep ? v128.load(tile, 16) : f32x4.splat(0);
  let l1 = keep ? v128.load(tile, 32) : f32x4.splat(0);
  let r1 = keep ? v128.load(tile, 48) : f32x4.splat(0);
  let l2 = keep ? v128.load(tile, 64) : f32x4.splat(0);
  let r2 = keep ? v128.load(tile, 80) : f32x4.splat(0);
  let l3 = keep ? v128.load(tile, 96) : f32x4.splat(0);
  let r3 = keep ? v128.load(tile, 112) : f32x4.splat(0);
  let l4 = keep ? v128.load(tile, 128) : f32x4.splat(0);
  let r4 = keep ? v128.load(tile, 144) : f32x4.splat(0);
  for (; k > 0; k--) {
    const bl = v128.load(b);
    const br = v128.load(b, 16);
    const x0 = v128.load32_splat(a0);
    l0 = madd(x0, bl, l0);
    r0 = madd(x0, br, r0);
    const x1 = v128.load32_splat(a1);
    l1 = madd(x1, bl, l1);
    r1 = madd(x1, br, r1);
    const x2 = v128.load32_splat(a2);
    l2 = madd(x2, bl, l2);
    r2 = madd(x2, br, r2);
    const x3 = v128.load32_splat(a3);
    l3 = madd(x3, bl, l3);
    r3 = madd(x3, br, r3);
    const x4 = v128.load32_splat(a4);
    l4 = madd(x4, bl, l4);
    r4 = madd(x4, br, r4);
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    b += bStep;
  }
  v128.store(tile, l0, 0);
  v128.store(tile, r0, 16);
  v128.store(tile, l1, 32);
  v128.store(tile, r1, 48);
  v128.store(tile, l2, 64);
  v128.store(tile, r2, 80);
  v128.store(tile, l3, 96);
  v128.store(tile, r3, 112);
  v128.store(tile, l4, 128);
  v128.store(tile, r4, 144);
}

/** The same for A stored by columns: five neighbouring numbers at `a`, `aStep` bytes further for each k. */
export function tileOfColumns(tile: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: i32, keep: bool): void {
  let l0 = keep ? v128.load(tile, 0) : f32x4.splat(0);
  let r0 = keep ? v128.load(tile, 16) : f32x4.splat(0);
  let l1 = keep ? v128.load(tile, 32) : f32x4.splat(0);
  let r1 = keep ? v128.load(tile, 48) : f32x4.splat(0);
  let l2 = keep ? v128.load(tile, 64) : f32x4.splat(0);
  let r2 = keep ? v128.load(tile, 80) : f32x4.splat(0);
  let l3 = keep ? v128.load(tile, 96) : f32x4.splat(0);
  let r3 = keep ? v128.load(tile, 112) : f32x4.splat(0);
  let l4 = keep ? v128.load(tile, 128) : f32x4.splat(0);
  let r4 = keep ? v128.load(tile, 144) : f32x4.splat(0);
  for (; k > 0; k--) {
    const bl = v128.load(b);
    const br = v128.load(b, 16);
    const x0 = v128.load32_splat(a, 0);
    l0 = madd(x0, bl, l0);
    r0 = madd(x0, br, r0);
    const x1 = v128.load32_splat(a, 4);
    l1 = madd(x1, bl, l1);
    r1 = madd(x1, br, r1);
    const x2 = v128.load32_splat(a, 8);
    l2 = madd(x2, bl, l2);
    r2 = madd(x2, br, r2);
    const x3 = v128.load32_splat(a, 12);
    l3 = madd(x3, bl, l3);
    r3 = madd(x3, br, r3);
    const x4 = v128.load32_splat(a, 16);
    l4 = madd(x4, bl, l4);
    r4 = madd(x4, br, r4);
    a += aStep;
    b += bStep;
  }
  v128.store(tile, l0, 0);
  v128.store(tile, r0, 16);
  v128.store(tile, l1, 32);
  v128.store(tile, r1, 48);
  v128.store(tile, l2, 64);
  v128.store(tile, r2, 80);
  v128.store(tile, l3, 96);
  v128.store(tile, r3, 112);
  v128.store(tile, l4, 128);
  v128.store(tile, r4, 144);
}

/** One row of a tile to C: alpha·tile + bias + addend, of which the latter two may be 0. */
@inline
function finishRow(tile: usize, c: usize, columns: i32, alpha: v128, bias: usize, addend: usize): void {
  let left = f32x4.mul(v128.load(tile), alpha);
  let right = f32x4.mul(v128.load(tile, 16), alpha);
  if (columns < 8) {
    v128.store(tile, left);
    v128.store(tile, right, 16);
    // One number at a time: what lies behind the last column is the next row.
    for (let j: usize = 0; j < <usize>columns * 4; j += 4) {
      let value = load<f32>(tile + j);
      if (bias) value += load<f32>(bias + j);
      if (addend) value += load<f32>(addend + j);
      store<f32>(c + j, value);
    }
    return;
  }
  if (bias) {
    left = f32x4.add(left, v128.load(bias));
    right = f32x4.add(right, v128.load(bias, 16));
  }
  if (addend) {
    left = f32x4.add(left, v128.load(addend));
    right = f32x4.add(right, v128.load(addend, 16));
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}

/**
 * A tile to C, with what is added to it.
 * @param rows of the tile that belong to C; `columns` likewise
 * @param cStep bytes from row to row in C and addend
 */
export function finishTile(
  tile: usize,
  c: usize,
  cStep: usize,
  rows: i32,
  columns: i32,
  alpha: f32,
  bias: usize,
  addend: usize,
): void {
  const factor = f32x4.splat(alpha);
  for (let i: i32 = min(rows, 5); i > 0; i--) {
    finishRow(tile, c, columns, factor, bias, addend);
    tile += 32;
    c += cStep;
    if (addend) addend += cStep;
  }
}
