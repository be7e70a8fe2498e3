/**
 * The innermost part of a product: six rows by eight columns of C in twelve registers, over all of k (or a part of it). With the
 * two vectors of B and one number of A that makes fifteen of the sixteen registers that V8 has on x64; more rows spill.
 */
import { madd } from '../simd';

/** Where a tile lies in C and what is added to it. */
// @ts-ignore: decorator
@inline
function finish(
  c: usize,
  left: v128,
  right: v128,
  columns: i32,
  alpha: v128,
  bias: usize,
  addend: usize,
): void {
  let l = f32x4.mul(left, alpha);
  let r = f32x4.mul(right, alpha);
  if (columns >= 8) {
    if (bias) {
      l = f32x4.add(l, v128.load(bias));
      r = f32x4.add(r, v128.load(bias, 16));
    }
    if (addend) {
      l = f32x4.add(l, v128.load(addend));
      r = f32x4.add(r, v128.load(addend, 16));
    }
    v128.store(c, l);
    v128.store(c, r, 16);
  } else {
    finishFew(c, l, r, columns, bias, addend);
  }
}

/** The last columns of C: one number at a time, because what lies behind them is the next row. */
function finishFew(c: usize, left: v128, right: v128, columns: i32, bias: usize, addend: usize): void {
  for (let j: i32 = 0; j < columns; j++) {
    let value = f32x4.extract_lane(left, 0);
    if (bias) value += load<f32>(bias + <usize>j * 4);
    if (addend) value += load<f32>(addend + <usize>j * 4);
    store<f32>(c + <usize>j * 4, value);
    left = v128.shuffle<f32>(left, right, 1, 2, 3, 4);
    right = v128.shuffle<f32>(right, right, 1, 2, 3, 3);
  }
}

/**
 * C tile = alpha · A·B + bias + addend.
 * @param a0 … a5 first numbers of six rows of A (rows beyond `rows` may repeat another)
 * @param aStep bytes from one k to the next in A; 4 when `dense`
 * @param b first number of the panel
 * @param bStep bytes from one k to the next in B; 32 when `packed`
 * @param segments runs of `length` numbers that A is read in: one, or one per tap of a convolution
 * @param across taps in a row; `down` and `right` bytes from tap to tap
 */
// @ts-ignore: decorator
@inline
export function tile(
  dense: bool,
  packed: bool,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  a4: usize,
  a5: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  length: i32,
  segments: i32,
  across: i32,
  down: isize,
  right: isize,
  c: usize,
  cStep: usize,
  rows: i32,
  columns: i32,
  alpha: v128,
  bias: usize,
  addend: usize,
): void {
  let l0 = f32x4.splat(0);
  let l1 = f32x4.splat(0);
  let l2 = f32x4.splat(0);
  let l3 = f32x4.splat(0);
  let l4 = f32x4.splat(0);
  let l5 = f32x4.splat(0);
  let r0 = f32x4.splat(0);
  let r1 = f32x4.splat(0);
  let r2 = f32x4.splat(0);
  let r3 = f32x4.splat(0);
  let r4 = f32x4.splat(0);
  let r5 = f32x4.splat(0);
  let tapX: i32 = 0;
  let offset: isize = 0;
  let lineOffset: isize = 0;
  for (let segment: i32 = 0; segment < segments; segment++) {
    let p0 = a0 + offset;
    let p1 = a1 + offset;
    let p2 = a2 + offset;
    let p3 = a3 + offset;
    let p4 = a4 + offset;
    let p5 = a5 + offset;
    for (let k: i32 = length; k > 0; k--) {
      const bl = v128.load(b);
      const br = v128.load(b, 16);
      const x0 = v128.load32_splat(p0);
      l0 = madd(x0, bl, l0);
      r0 = madd(x0, br, r0);
      const x1 = v128.load32_splat(p1);
      l1 = madd(x1, bl, l1);
      r1 = madd(x1, br, r1);
      const x2 = v128.load32_splat(p2);
      l2 = madd(x2, bl, l2);
      r2 = madd(x2, br, r2);
      const x3 = v128.load32_splat(p3);
      l3 = madd(x3, bl, l3);
      r3 = madd(x3, br, r3);
      const x4 = v128.load32_splat(p4);
      l4 = madd(x4, bl, l4);
      r4 = madd(x4, br, r4);
      const x5 = v128.load32_splat(p5);
      l5 = madd(x5, bl, l5);
      r5 = madd(x5, br, r5);
      if (dense) {
        p0 += 4;
        p1 += 4;
        p2 += 4;
        p3 += 4;
        p4 += 4;
        p5 += 4;
      } else {
        p0 += aStep;
        p1 += aStep;
        p2 += aStep;
        p3 += aStep;
        p4 += aStep;
        p5 += aStep;
      }
      b += packed ? 32 : bStep;
    }
    if (++tapX == across) {
      tapX = 0;
      lineOffset += down;
      offset = lineOffset;
    } else {
      offset += right;
    }
  }
  finish(c, l0, r0, columns, alpha, bias, addend);
  const step = addend ? cStep : 0;
  if (rows < 2) return;
  finish(c + cStep, l1, r1, columns, alpha, bias, addend + step);
  if (rows < 3) return;
  finish(c + 2 * cStep, l2, r2, columns, alpha, bias, addend + 2 * step);
  if (rows < 4) return;
  finish(c + 3 * cStep, l3, r3, columns, alpha, bias, addend + 3 * step);
  if (rows < 5) return;
  finish(c + 4 * cStep, l4, r4, columns, alpha, bias, addend + 4 * step);
  if (rows < 6) return;
  finish(c + 5 * cStep, l5, r5, columns, alpha, bias, addend + 5 * step);
}
