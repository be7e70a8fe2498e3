/** Softmax of rows of any width. */
import { exp, exp1 } from '../math';
import { madd, maxLanes, partStart, sumLanes } from '../simd';

/** Arguments: 0 x, 4 y, 8 rows, 12 columns. Tasks share out rows. */
export function softmax(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 8);
  const columns = load<i32>(args, 12);
  const end = partStart(rows, task + 1, tasks);
  const bytes = <usize>columns * 4;
  const vectors = bytes & ~15;
  for (let row = partStart(rows, task, tasks); row < end; row++) {
    const x = load<usize>(args) + <usize>row * bytes;
    const y = load<usize>(args, 4) + <usize>row * bytes;
    let at: usize = 0;
    let tops = f32x4.splat(-f32.MAX_VALUE);
    for (; at < vectors; at += 16) tops = f32x4.pmax(tops, v128.load(x + at));
    let top = maxLanes(tops);
    for (; at < bytes; at += 4) top = max(top, load<f32>(x + at));
    tops = f32x4.splat(top);
    let sums = f32x4.splat(0);
    for (at = 0; at < vectors; at += 16) {
      const weight = exp(f32x4.sub(v128.load(x + at), tops));
      v128.store(y + at, weight);
      sums = f32x4.add(sums, weight);
    }
    let sum = sumLanes(sums);
    for (; at < bytes; at += 4) {
      const weight = exp1(load<f32>(x + at) - top);
      store<f32>(y + at, weight);
      sum += weight;
    }
    const factor: f32 = 1 / sum;
    for (at = 0; at < vectors; at += 16) v128.store(y + at, f32x4.mul(v128.load(y + at), f32x4.splat(factor)));
    for (; at < bytes; at += 4) store<f32>(y + at, load<f32>(y + at) * factor);
  }
}

/** dx = y (dy − Σ y·dy). Arguments: 0 y, 4 dy, 8 dx, 12 rows, 16 columns. Tasks share out rows. */
export function softmaxGradient(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 12);
  const columns = load<i32>(args, 16);
  const end = partStart(rows, task + 1, tasks);
  const bytes = <usize>columns * 4;
  const vectors = bytes & ~15;
  for (let row = partStart(rows, task, tasks); row < end; row++) {
    const y = load<usize>(args) + <usize>row * bytes;
    const dy = load<usize>(args, 4) + <usize>row * bytes;
    const dx = load<usize>(args, 8) + <usize>row * bytes;
    let at: usize = 0;
    let sums = f32x4.splat(0);
    for (; at < vectors; at += 16) sums = madd(v128.load(y + at), v128.load(dy + at), sums);
    let sum = sumLanes(sums);
    for (; at < bytes; at += 4) sum += load<f32>(y + at) * load<f32>(dy + at);
    sums = f32x4.splat(sum);
    for (at = 0; at < vectors; at += 16) {
      v128.store(dx + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), sums)));
    }
    for (; at < bytes; at += 4) store<f32>(dx + at, load<f32>(y + at) * (load<f32>(dy + at) - sum));
  }
}
