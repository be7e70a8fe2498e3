/** x·sigmoid(x) behind a normalization. */
import { exp } from '../math';

// @ts-ignore: decorator
@inline
function sigmoid(z: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(z))));
}

/** z·sigmoid(z). */
// @ts-ignore: decorator
@inline
export function silu(z: v128): v128 {
  return f32x4.mul(z, sigmoid(z));
}

/** Its derivative, σ(z)(1 + z(1 − σ(z))). */
// @ts-ignore: decorator
@inline
export function siluSlope(z: v128): v128 {
  const one = f32x4.splat(1);
  const s = sigmoid(z);
  return f32x4.mul(s, f32x4.add(one, f32x4.mul(z, f32x4.sub(one, s))));
}
