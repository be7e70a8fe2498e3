/** IEEE halves as f32. */

/** Four halves, each in the low bits of a lane, as f32, exactly; infinities and NaN stay what they are. */
@inline
function toFloats(bits: v128): v128 {
  const magnitude = v128.and(bits, i32x4.splat(0x7fff));
  // Exponent and fraction in their f32 places are 2^-112 of the number; multiplying also makes subnormal halves normal.
  const finite = f32x4.mul(i32x4.shl(magnitude, 13), f32x4.splat(reinterpret<f32>(0x77800000)));
  const special = v128.or(i32x4.shl(magnitude, 13), i32x4.splat(0x7f800000));
  const number = v128.bitselect(special, finite, i32x4.gt_s(magnitude, i32x4.splat(0x7bff)));
  return v128.or(number, i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16));
}

/** Four halves at `p` (eight bytes). */
@inline
export function loadHalves(p: usize): v128 {
  return toFloats(i32x4.extend_low_i16x8_u(v128.load64_zero(p)));
}

/** One half at `p`. */
@inline
export function loadHalf(p: usize): f32 {
  return f32x4.extract_lane(toFloats(i32x4.splat(<i32>load<u16>(p))), 0);
}
