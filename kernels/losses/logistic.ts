/** log(1 + e^z) and its derivative, without overflow and without losing what is small (a solved triplet). */
import { exp } from '../math';
import { madd } from '../simd';

/** 2 artanh(s) for |s| ≤ 1/3 by its series; what is left out is below 2e-9 of the result. */
@inline
function twoArtanh(s: v128): v128 {
  const q = f32x4.mul(s, s);
  let p = f32x4.splat(2.0 / 15.0);
  p = madd(p, q, f32x4.splat(2.0 / 13.0));
  p = madd(p, q, f32x4.splat(2.0 / 11.0));
  p = madd(p, q, f32x4.splat(2.0 / 9.0));
  p = madd(p, q, f32x4.splat(2.0 / 7.0));
  p = madd(p, q, f32x4.splat(2.0 / 5.0));
  p = madd(p, q, f32x4.splat(2.0 / 3.0));
  p = f32x4.mul(p, q);
  return madd(p, s, f32x4.add(s, s));
}

/** log(1 + e) for 0 ≤ e ≤ 1, by log(1 + e) = 2 artanh(e/(2 + e)): small e keep all their digits. */
@inline
function log1p(e: v128): v128 {
  return twoArtanh(f32x4.div(e, f32x4.add(e, f32x4.splat(2))));
}

/** e^{−|z|}, from which `softplus` and `sigmoid` are computed. */
@inline
export function decay(z: v128): v128 {
  return exp(f32x4.neg(f32x4.abs(z)));
}

/** log(1 + e^z), given e = e^{−|z|}. */
@inline
export function softplus(z: v128, e: v128): v128 {
  return f32x4.add(f32x4.max(z, f32x4.splat(0)), log1p(e));
}

/** 1/(1 + e^{−z}), given e = e^{−|z|}. */
@inline
export function sigmoid(z: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(v128.bitselect(one, e, f32x4.gt(z, f32x4.splat(0))), f32x4.add(one, e));
}

/** Natural logarithm of one number of at least 1 (a sum of exponentials whose largest is 1). */
export function log1(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  let exponent = (bits >> 23) - 127;
  let m = reinterpret<f32>((bits & 0x7fffff) | 0x3f800000);
  if (m > 1.41421356) {
    m *= 0.5;
    exponent++;
  }
  const log = f32x4.extract_lane(twoArtanh(f32x4.splat((m - 1) / (m + 1))), 0);
  return x - x == 0 ? <f32>exponent * <f32>0.69314718 + log : x;
}
