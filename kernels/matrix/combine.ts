/** Sums of partial products. */
import { partStart } from '../simd';

/** Arguments: 0 partial, 4 c, 8 bias, 12 addend, 16 count, 20 n, 24 splits, 28 alpha. Tasks share out rows. */
export function combine(args: usize, task: i32, tasks: i32): void {
  const partial = load<usize>(args);
  const c = load<usize>(args, 4);
  const bias = load<usize>(args, 8);
  const addend = load<usize>(args, 12);
  const count = load<i32>(args, 16);
  const n = load<i32>(args, 20);
  const splits = load<i32>(args, 24);
  const alpha = load<f32>(args, 28);
  const rows = count / n;
  const end = partStart(rows, task + 1, tasks);
  const apart = <usize>count * 4;
  for (let row = partStart(rows, task, tasks); row < end; row++) {
    let j: i32 = 0;
    const line = <usize>row * <usize>n * 4;
    for (; j + 4 <= n; j += 4) {
      const at = line + <usize>j * 4;
      let sum = v128.load(partial + at);
      for (let s: i32 = 1; s < splits; s++) sum = f32x4.add(sum, v128.load(partial + <usize>s * apart + at));
      sum = f32x4.mul(sum, f32x4.splat(alpha));
      if (bias) sum = f32x4.add(sum, v128.load(bias + <usize>j * 4));
      if (addend) sum = f32x4.add(sum, v128.load(addend + at));
      v128.store(c + at, sum);
    }
    for (; j < n; j++) {
      const at = line + <usize>j * 4;
      let sum = load<f32>(partial + at);
      for (let s: i32 = 1; s < splits; s++) sum += load<f32>(partial + <usize>s * apart + at);
      sum *= alpha;
      if (bias) sum += load<f32>(bias + <usize>j * 4);
      if (addend) sum += load<f32>(addend + at);
      store<f32>(c + at, sum);
    }
  }
}
