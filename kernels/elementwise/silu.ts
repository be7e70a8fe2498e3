/** SiLU and its derivative, number by number. */
import { silu, siluSlope } from '../math';
import { partStart } from '../simd';

/** Arguments: 0 x, 4 y, 8 count. Tasks share out fours. */
export function siluForward(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 8) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let x = load<usize>(args) + from;
  let y = load<usize>(args, 4) + from;
  for (; x + 16 < end; x += 32) {
    const y0 = silu(v128.load(x));
    const y1 = silu(v128.load(x, 16));
    v128.store(y, y0);
    v128.store(y, y1, 16);
    y += 32;
  }
  if (x < end) v128.store(y, silu(v128.load(x)));
}

/** Arguments: 0 x, 4 dy, 8 dx, 12 count. Tasks share out fours. */
export function siluBackward(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 12) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let x = load<usize>(args) + from;
  let dy = load<usize>(args, 4) + from;
  let dx = load<usize>(args, 8) + from;
  for (; x + 16 < end; x += 32) {
    const slope0 = siluSlope(v128.load(x));
    const slope1 = siluSlope(v128.load(x, 16));
    v128.store(dx, f32x4.mul(v128.load(dy), slope0));
    v128.store(dx, f32x4.mul(v128.load(dy, 16), slope1), 16);
    dy += 32;
    dx += 32;
  }
  if (x < end) v128.store(dx, f32x4.mul(v128.load(dy), siluSlope(v128.load(x))));
}
