/**
 * GELU(x) = x Φ(x), exact, in the form of `shaders/gelu.wgsl`: with a = |x| only the upper tail q = Φ(−a) is computed, and
 * GELU(x) = max(x, 0) − a q keeps relative accuracy for very negative x. The error of 1 − 2q is below 2e-7.
 */
import { bell, FAR, upperTail } from '../math';
import { madd, partStart } from '../simd';

/** |x|, at most FAR: beyond, GELU(x) differs from max(x, 0) by less than the smallest normal number. */
@inline
function distance(x: v128): v128 {
  return f32x4.pmin(f32x4.abs(x), f32x4.splat(FAR));
}

/** GELU(x) from a = distance(x) and q. */
@inline
function value(x: v128, a: v128, q: v128): v128 {
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(a, q));
}

/** GELU′(x) = Φ(x) + x φ(x) from a = distance(x), e^(−a²/2) and q: the value at −a, or one less it. */
@inline
function slope(x: v128, a: v128, g: v128, q: v128): v128 {
  const left = madd(f32x4.mul(a, g), f32x4.splat(-0.39894228), q);
  return v128.bitselect(f32x4.sub(f32x4.splat(1), left), left, f32x4.gt(x, f32x4.splat(0)));
}

@inline
function gelu(x: v128): v128 {
  const a = distance(x);
  return value(x, a, upperTail(a, bell(a)));
}

@inline
function geluSlope(x: v128): v128 {
  const a = distance(x);
  const g = bell(a);
  return slope(x, a, g, upperTail(a, g));
}

/** Arguments: 0 x, 4 y, 8 count. Tasks share out fours. */
export function geluForward(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 8) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let x = load<usize>(args) + from;
  let y = load<usize>(args, 4) + from;
  for (; x + 16 < end; x += 32) {
    const y0 = gelu(v128.load(x));
    const y1 = gelu(v128.load(x, 16));
    v128.store(y, y0);
    v128.store(y, y1, 16);
    y += 32;
  }
  if (x < end) v128.store(y, gelu(v128.load(x)));
}

/** Arguments: 0 x, 4 dy, 8 dx, 12 count. Tasks share out fours. */
export function geluBackward(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 12) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let x = load<usize>(args) + from;
  let dy = load<usize>(args, 4) + from;
  let dx = load<usize>(args, 8) + from;
  for (; x + 16 < end; x += 32) {
    const slope0 = geluSlope(v128.load(x));
    const slope1 = geluSlope(v128.load(x, 16));
    v128.store(dx, f32x4.mul(v128.load(dy), slope0));
    v128.store(dx, f32x4.mul(v128.load(dy, 16), slope1), 16);
    dy += 32;
    dx += 32;
  }
  if (x < end) v128.store(dx, f32x4.mul(v128.load(dy), geluSlope(v128.load(x))));
}

/** Arguments: 0 x, 4 y, 8 rows, 12 columns (a multiple of four). Tasks share out rows. */
export function gegluForward(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 8);
  const bytes = load<usize>(args, 12) * 4;
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    let h = load<usize>(args) + <usize>row * 2 * bytes;
    let y = load<usize>(args, 4) + <usize>row * bytes;
    const end = h + bytes;
    let g = end;
    for (; h + 16 < end; h += 32) {
      const y0 = gelu(v128.load(g));
      const y1 = gelu(v128.load(g, 16));
      v128.store(y, f32x4.mul(v128.load(h), y0));
      v128.store(y, f32x4.mul(v128.load(h, 16), y1), 16);
      g += 32;
      y += 32;
    }
    if (h < end) v128.store(y, f32x4.mul(v128.load(h), gelu(v128.load(g))));
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
    const end = h + bytes;
    for (; h + 16 < end; h += 32) {
      gatedGradient(h, dy, dx, bytes);
      gatedGradient(h + 16, dy + 16, dx + 16, bytes);
      dy += 32;
      dx += 32;
    }
    if (h < end) gatedGradient(h, dy, dx, bytes);
  }
}

/** Four numbers of dh = dy·GELU(g) and of dg = dy·h·GELU′(g), with g `half` bytes behind h. */
@inline
function gatedGradient(h: usize, dy: usize, dx: usize, half: usize): void {
  const x = v128.load(h + half);
  const a = distance(x);
  const g = bell(a);
  const q = upperTail(a, g);
  const gradient = v128.load(dy);
  const factor = f32x4.mul(gradient, v128.load(h));
  v128.store(dx, f32x4.mul(gradient, value(x, a, q)));
  v128.store(dx + half, f32x4.mul(factor, slope(x, a, g, q)));
}
