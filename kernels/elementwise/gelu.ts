/**
 * GELU(x) = x Φ(x), exact: the form and the coefficients of `shaders/gelu.wgsl`, so that both backends agree. Only the upper tail
 * q = Φ(−|x|) is computed; erf = 1 − 2q is off by less than 1.2e-7.
 */
import { exp } from '../math';
import { madd, partStart } from '../simd';

/** e^(−a²/2). */
// @ts-ignore: decorator
@inline
export function gaussian(a: v128): v128 {
  return exp(f32x4.mul(f32x4.mul(a, a), f32x4.splat(-0.5)));
}

/** Φ(−a) for a ≥ 0; `g` is e^(−a²/2). */
// @ts-ignore: decorator
@inline
export function upperTail(a: v128, g: v128): v128 {
  const u = f32x4.mul(a, a);
  let s = f32x4.splat(-6.6448561e-6);
  s = madd(s, u, f32x4.splat(1.1032744e-4));
  s = madd(s, u, f32x4.splat(-1.1827096e-3));
  s = madd(s, u, f32x4.splat(9.9715004e-3));
  s = madd(s, u, f32x4.splat(-6.6489987e-2));
  s = madd(s, u, f32x4.splat(0.39894226));
  const central = f32x4.sub(f32x4.splat(0.5), f32x4.mul(a, s));
  const t = f32x4.div(f32x4.splat(1), madd(a, f32x4.splat(0.39), f32x4.splat(1)));
  let m = f32x4.splat(-0.099055484);
  m = madd(m, t, f32x4.splat(0.18777221));
  m = madd(m, t, f32x4.splat(0.093128763));
  m = madd(m, t, f32x4.splat(0.16246092));
  m = madd(m, t, f32x4.splat(0.15513137));
  const far = f32x4.mul(g, f32x4.mul(m, t));
  return v128.bitselect(central, far, f32x4.lt(a, f32x4.splat(1.25)));
}

/** GELU(x). */
// @ts-ignore: decorator
@inline
function gelu(x: v128): v128 {
  const a = f32x4.abs(x);
  return f32x4.sub(f32x4.max(x, f32x4.splat(0)), f32x4.mul(a, upperTail(a, gaussian(a))));
}

/** GELU′(x) = Φ(x) + x φ(x), from q and e^(−x²/2). */
// @ts-ignore: decorator
@inline
function slope(x: v128, q: v128, g: v128): v128 {
  const below = f32x4.gt(x, f32x4.splat(0));
  const phi = v128.bitselect(f32x4.sub(f32x4.splat(1), q), q, below);
  return madd(f32x4.mul(x, f32x4.splat(0.39894228)), g, phi);
}

/** Arguments: 0 x, 4 y, 8 count. Tasks share out fours. */
export function geluForward(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 8) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let y = load<usize>(args, 4) + from;
  for (let x = load<usize>(args) + from; x < end; x += 16) {
    v128.store(y, gelu(v128.load(x)));
    y += 16;
  }
}

/** Arguments: 0 x, 4 dy, 8 dx, 12 count. Tasks share out fours. */
export function geluBackward(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 12) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let dy = load<usize>(args, 4) + from;
  let dx = load<usize>(args, 8) + from;
  for (let at = load<usize>(args) + from; at < end; at += 16) {
    const x = v128.load(at);
    const a = f32x4.abs(x);
    const g = gaussian(a);
    v128.store(dx, f32x4.mul(v128.load(dy), slope(x, upperTail(a, g), g)));
    dy += 16;
    dx += 16;
  }
}

/** Arguments: 0 x, 4 y, 8 rows, 12 columns (a multiple of four). Tasks share out rows. */
export function gegluForward(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 8);
  const bytes = load<usize>(args, 12) * 4;
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    let h = load<usize>(args) + <usize>row * 2 * bytes;
    let y = load<usize>(args, 4) + <usize>row * bytes;
    for (const end = h + bytes; h < end; h += 16) {
      v128.store(y, f32x4.mul(v128.load(h), gelu(v128.load(h + bytes))));
      y += 16;
    }
  }
}

/** Arguments: 0 x, 4 dy, 8 dx, 12 rows, 16 columns (a multiple of four). Tasks share out rows. */
export function gegluBackward(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 12);
  const bytes = load<usize>(args, 16) * 4;
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    let h = load<usize>(args) + <usize>row * 2 * bytes;
    let dx = load<usize>(args, 8) + <usize>row * 2 * bytes;
    let dy = load<usize>(args, 4) + <usize>row * bytes;
    for (const end = h + bytes; h < end; h += 16) {
      const x = v128.load(h + bytes);
      const a = f32x4.abs(x);
      const g = gaussian(a);
      const q = upperTail(a, g);
      const gradient = v128.load(dy);
      const value = f32x4.sub(f32x4.max(x, f32x4.splat(0)), f32x4.mul(a, q));
      v128.store(dx, f32x4.mul(gradient, value));
      v128.store(dx + bytes, f32x4.mul(f32x4.mul(gradient, v128.load(h)), slope(x, q, g)));
      dy += 16;
      dx += 16;
    }
  }
}
