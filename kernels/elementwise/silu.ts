/** SiLU: x·σ(x); its derivative is σ(x)(1 + x(1 − σ(x))). */
import { exp } from '../math';
import { partStart } from '../simd';

/** 1 / (1 + e^(−x)). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** Arguments: 0 x, 4 y, 8 count. Tasks share out fours. */
export function siluForward(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 8) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let y = load<usize>(args, 4) + from;
  for (let at = load<usize>(args) + from; at < end; at += 16) {
    const x = v128.load(at);
    v128.store(y, f32x4.div(x, f32x4.add(f32x4.splat(1), exp(f32x4.neg(x)))));
    y += 16;
  }
}

/** Arguments: 0 x, 4 dy, 8 dx, 12 count. Tasks share out fours. */
export function siluBackward(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 12) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  const one = f32x4.splat(1);
  let dy = load<usize>(args, 4) + from;
  let dx = load<usize>(args, 8) + from;
  for (let at = load<usize>(args) + from; at < end; at += 16) {
    const x = v128.load(at);
    const s = sigmoid(x);
    const slope = f32x4.mul(s, f32x4.add(one, f32x4.mul(x, f32x4.sub(one, s))));
    v128.store(dx, f32x4.mul(v128.load(dy), slope));
    dy += 16;
    dx += 16;
  }
}
