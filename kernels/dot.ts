/** Products of rows. */
import { madd, sumLanes } from './simd';

/** Σ aᵢ·bᵢ over `count` numbers; sixteen partial sums, so the order of addition depends on `count` alone. */
export function dot(a: usize, b: usize, count: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  const end = a + ((<usize>count) << 2);
  const wide = a + ((<usize>(count & ~15)) << 2);
  while (a < wide) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    s1 = madd(v128.load(a, 16), v128.load(b, 16), s1);
    s2 = madd(v128.load(a, 32), v128.load(b, 32), s2);
    s3 = madd(v128.load(a, 48), v128.load(b, 48), s3);
    a += 64;
    b += 64;
  }
  while (a + 16 <= end) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    a += 16;
    b += 16;
  }
  let total = sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  while (a < end) {
    total += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return total;
}

/** Sums of the lanes of four vectors, as one vector. */
@inline
export function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/**
 * Products of two rows with four others of `bytes` length, a multiple of 16: four numbers at `out0`, four at `out1`. Exported from the
 * module, as are tiles of matrix products: merged with its caller it runs out of registers.
 */
export function dots2x4(
  r0: usize,
  r1: usize,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  bytes: usize,
  out0: usize,
  out1: usize,
): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s13 = f32x4.splat(0);
  let a: v128;
  let b: v128;
  let c: v128;
  const end = r0 + bytes;
  const even = r0 + (bytes & ~31);
  while (r0 < even) {
    a = v128.load(r0);
    b = v128.load(r1);
    c = v128.load(c0);
    s00 = madd(a, c, s00);
    s10 = madd(b, c, s10);
    c = v128.load(c1);
    s01 = madd(a, c, s01);
    s11 = madd(b, c, s11);
    c = v128.load(c2);
    s02 = madd(a, c, s02);
    s12 = madd(b, c, s12);
    c = v128.load(c3);
    s03 = madd(a, c, s03);
    s13 = madd(b, c, s13);
    a = v128.load(r0, 16);
    b = v128.load(r1, 16);
    c = v128.load(c0, 16);
    s00 = madd(a, c, s00);
    s10 = madd(b, c, s10);
    c = v128.load(c1, 16);
    s01 = madd(a, c, s01);
    s11 = madd(b, c, s11);
    c = v128.load(c2, 16);
    s02 = madd(a, c, s02);
    s12 = madd(b, c, s12);
    c = v128.load(c3, 16);
    s03 = madd(a, c, s03);
    s13 = madd(b, c, s13);
    r0 += 32;
    r1 += 32;
    c0 += 32;
    c1 += 32;
    c2 += 32;
    c3 += 32;
  }
  if (r0 < end) {
    a = v128.load(r0);
    b = v128.load(r1);
    c = v128.load(c0);
    s00 = madd(a, c, s00);
    s10 = madd(b, c, s10);
    c = v128.load(c1);
    s01 = madd(a, c, s01);
    s11 = madd(b, c, s11);
    c = v128.load(c2);
    s02 = madd(a, c, s02);
    s12 = madd(b, c, s12);
    c = v128.load(c3);
    s03 = madd(a, c, s03);
    s13 = madd(b, c, s13);
  }
  v128.store(out0, sumsOfLanes(s00, s01, s02, s03));
  v128.store(out1, sumsOfLanes(s10, s11, s12, s13));
}
