/** Functions of four f32 numbers at once. Errors are measured over dense samples in `src/backend/cpu/math.test.ts`. */
import { madd } from './simd';

/**
 * e^x with at most 2 ulp of error; 0 below −87.33 (where f32 has only subnormal numbers), infinity above 88.72, NaN for NaN.
 * x = n·ln 2 + r with |r| ≤ ln 2 / 2; e^r by a polynomial of degree 7 (Taylor, whose remainder is below 5e-9 there).
 */
export function exp(x: v128): v128 {
  const inside = f32x4.min(f32x4.max(x, f32x4.splat(-87.33654)), f32x4.splat(88.72283));
  const n = f32x4.nearest(f32x4.mul(inside, f32x4.splat(1.44269504)));
  // ln 2 in two parts, the first short enough that its product with n is exact.
  let r = f32x4.sub(inside, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.0 / 5040.0);
  p = madd(p, r, f32x4.splat(1.0 / 720.0));
  p = madd(p, r, f32x4.splat(1.0 / 120.0));
  p = madd(p, r, f32x4.splat(1.0 / 24.0));
  p = madd(p, r, f32x4.splat(1.0 / 6.0));
  p = madd(p, r, f32x4.splat(0.5));
  p = madd(f32x4.mul(p, r), r, r);
  p = f32x4.add(p, f32x4.splat(1.0));
  // 2^n in two factors, because n = 128 has no exponent of its own.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const rest = i32x4.sub(whole, half);
  p = f32x4.mul(p, i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23));
  p = f32x4.mul(p, i32x4.shl(i32x4.add(rest, i32x4.splat(127)), 23));
  p = v128.bitselect(f32x4.splat(0), p, f32x4.lt(x, f32x4.splat(-87.33654)));
  p = v128.bitselect(f32x4.splat(f32.MAX_VALUE * 2), p, f32x4.gt(x, f32x4.splat(88.72283)));
  return v128.bitselect(p, x, f32x4.eq(x, x));
}

/** e^x of one number, by `exp`. */
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp(f32x4.splat(x)), 0);
}
