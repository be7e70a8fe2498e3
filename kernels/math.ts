/**
 * Functions of four f32 numbers at once. Errors are measured over dense samples in `src/backend/cpu/math.test.ts`. Polynomials are
 * weighted minimax fits made for this file (Lawson's iteration in f64). V8 builds every constant again where it is used, from three
 * instructions, so a loop that computes two vectors a turn is up to a third faster than one that computes one.
 */
import { madd } from './simd';

/** Adding this (1.5·2²³) rounds a small number to a whole one, which then stands in the low bits of the sum. */
const ROUNDING: f32 = 12582912.0;
/** Smallest and largest argument of `exp` with a normal, finite result. */
const EXP_LOW: f32 = -87.33654;
const EXP_HIGH: f32 = 88.72283;
/** ln 2 in two parts, the first short enough that its product with a whole number of at most 15 bits is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;

/**
 * e^x with at most 1 ulp of error for −87.33 ≤ x ≤ 88.72; garbage outside.
 * x = n·ln 2 + r with |r| ≤ ln 2 / 2; e^r = 1 + r + r²·Q(r); n is added to the exponent.
 */
@inline
export function expInside(x: v128): v128 {
  const shifted = madd(x, f32x4.splat(1.44269504), f32x4.splat(ROUNDING));
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDING));
  const r = madd(n, f32x4.splat(-LN2_LOW), madd(n, f32x4.splat(-LN2_HIGH), x));
  let q = madd(f32x4.splat(0.0013814568), r, f32x4.splat(0.0083687377));
  q = madd(q, r, f32x4.splat(0.0416683899));
  q = madd(q, r, f32x4.splat(0.1666652046));
  q = madd(q, r, f32x4.splat(0.4999999344));
  const p = f32x4.add(madd(f32x4.mul(r, r), q, r), f32x4.splat(1.0));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/**
 * e^x with at most 1 ulp of error; 0 below −87.33 (where f32 has only subnormal numbers), infinity above 88.72, NaN for NaN.
 */
@inline
export function exp(x: v128): v128 {
  const inside = f32x4.pmin(f32x4.pmax(x, f32x4.splat(EXP_LOW)), f32x4.splat(EXP_HIGH));
  const y = v128.and(expInside(inside), f32x4.ge(x, f32x4.splat(EXP_LOW)));
  const bounded = v128.bitselect(f32x4.splat(f32.MAX_VALUE * 2), y, f32x4.gt(x, f32x4.splat(EXP_HIGH)));
  return v128.or(bounded, f32x4.ne(x, x));
}

/** e^x of one number, by `exp`. */
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp(f32x4.splat(x)), 0);
}

/** 1/(1 + e^−x) with at most 3 ulp of error; 0 below −88.72, where the true value is subnormal. */
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(f32x4.splat(1.0), f32x4.add(f32x4.splat(1.0), exp(f32x4.neg(x))));
}

/** x·sigmoid(x) with at most 3 ulp of error; −0 below −88.72, NaN for −infinity. */
@inline
export function silu(x: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.splat(1.0), exp(f32x4.neg(x))));
}

/** Derivative of `silu`: σ(x)(1 + x(1 − σ(x))). */
@inline
export function siluSlope(x: v128): v128 {
  const s = sigmoid(x);
  return f32x4.mul(s, madd(x, f32x4.sub(f32x4.splat(1.0), s), f32x4.splat(1.0)));
}

/** tanh x with at most 2 ulp of error: below 0.625 x + x³·P(x²), above 1 − 2/(1 + e^2x). */
@inline
export function tanh(x: v128): v128 {
  const a = f32x4.abs(x);
  const u = f32x4.mul(x, x);
  let p = madd(f32x4.splat(-0.0057049459), u, f32x4.splat(0.020639052));
  p = madd(p, u, f32x4.splat(-0.0537397048));
  p = madd(p, u, f32x4.splat(0.1333144208));
  p = madd(p, u, f32x4.splat(-0.3333328194));
  const small = madd(f32x4.mul(x, u), p, x);
  // From 10 on the result is 1.
  const bounded = f32x4.pmin(a, f32x4.splat(10.0));
  const power = expInside(f32x4.add(bounded, bounded));
  const large = f32x4.sub(f32x4.splat(1.0), f32x4.div(f32x4.splat(2.0), f32x4.add(f32x4.splat(1.0), power)));
  const signed = v128.or(large, v128.and(x, f32x4.splat(-0.0)));
  return v128.bitselect(small, signed, f32x4.lt(a, f32x4.splat(0.625)));
}

/**
 * ln x with at most 1 ulp of error, subnormal x included; −infinity for 0, NaN below 0 and for NaN.
 * x = 2^e·(1 + f) with √½ ≤ 1 + f < √2; ln(1 + f) = f − f²/2 + f³·P(f).
 */
@inline
export function log(x: v128): v128 {
  const subnormal = f32x4.lt(x, f32x4.splat(f32.MIN_NORMAL_VALUE));
  const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608.0)), x, subnormal);
  // Bits above those of √½, so that the shift leaves the exponent.
  const exponent = i32x4.shr_s(i32x4.sub(normal, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(normal, i32x4.shl(exponent, 23)), f32x4.splat(1.0));
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(subnormal, f32x4.splat(23.0)));
  const u = f32x4.mul(f, f);
  let p = madd(f32x4.splat(-0.0763454523), f, f32x4.splat(0.1276165519));
  p = madd(p, f, f32x4.splat(-0.1316020137));
  p = madd(p, f, f32x4.splat(0.1420174897));
  p = madd(p, f, f32x4.splat(-0.1662335462));
  p = madd(p, f, f32x4.splat(0.2000122716));
  p = madd(p, f, f32x4.splat(-0.2500082111));
  p = madd(p, f, f32x4.splat(0.3333333171));
  let y = madd(e, f32x4.splat(LN2_LOW), f32x4.mul(f32x4.mul(f, u), p));
  y = f32x4.add(f, madd(u, f32x4.splat(-0.5), y));
  y = madd(e, f32x4.splat(LN2_HIGH), y);
  y = v128.bitselect(x, y, f32x4.eq(x, f32x4.splat(f32.MAX_VALUE * 2)));
  y = v128.bitselect(f32x4.splat(f32.MAX_VALUE * -2), y, f32x4.eq(x, f32x4.splat(0)));
  return v128.or(y, v128.or(f32x4.lt(x, f32x4.splat(0)), f32x4.ne(x, x)));
}

/** Largest argument of `bell` and `upperTail`: their results there are the smallest normal numbers. */
export const FAR: f32 = 12.9;

/**
 * e^(−a²/2) for |a| ≤ FAR, with a relative error below 1.2e-7·(1 + a²/2): 2^(n + f) with |f| ≤ ½, 2^f by a polynomial, n added to
 * the exponent.
 */
@inline
export function bell(a: v128): v128 {
  const u = f32x4.mul(a, a);
  const shifted = madd(u, f32x4.splat(-0.72134752), f32x4.splat(ROUNDING));
  const f = madd(u, f32x4.splat(-0.72134752), f32x4.sub(f32x4.splat(ROUNDING), shifted));
  let p = madd(f32x4.splat(1.5353329887e-4), f, f32x4.splat(1.3398929468e-3));
  p = madd(p, f, f32x4.splat(9.6184378505e-3));
  p = madd(p, f, f32x4.splat(5.5503323397e-2));
  p = madd(p, f, f32x4.splat(0.24022647907));
  p = madd(p, f, f32x4.splat(0.69314720291));
  p = madd(p, f, f32x4.splat(1.0));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/**
 * Φ(−a), the normal distribution's upper tail, for 0 ≤ a ≤ FAR, with a relative error below 2.5e-7·(1 + a²/2): `bell` times a
 * polynomial in s = a/(a + 3), which is ½ at zero. (Abramowitz and Stegun's 7.1.26 takes 1 − s: near zero that loses bits.)
 * @param gaussian bell(a)
 */
@inline
export function upperTail(a: v128, gaussian: v128): v128 {
  const s = f32x4.div(a, f32x4.add(a, f32x4.splat(3.0)));
  let p = madd(f32x4.splat(-0.0475391467), s, f32x4.splat(0.1080890727));
  p = madd(p, s, f32x4.splat(0.0194984333));
  p = madd(p, s, f32x4.splat(-0.1481837412));
  p = madd(p, s, f32x4.splat(-0.2883820017));
  p = madd(p, s, f32x4.splat(1.0532416448));
  p = madd(p, s, f32x4.splat(-1.1968280919));
  p = madd(p, s, f32x4.splat(0.5));
  return f32x4.mul(gaussian, p);
}
