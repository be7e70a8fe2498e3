import { partStart } from '../simd';

/**
 * y[c] = Σ partial[t·stride + c] over `count` chunks t, in their order. Arguments: 0 partial, 4 y, 8 count, 12 stride (numbers),
 * 16 width. Tasks share out fours of columns.
 */
export function sumChunks(args: usize, task: i32, tasks: i32): void {
  const count = load<i32>(args, 8);
  const step = load<usize>(args, 12) * 4;
  const width = load<i32>(args, 16);
  const fours = (width + 3) / 4;
  let c = partStart(fours, task, tasks) * 4;
  const end = min(width, partStart(fours, task + 1, tasks) * 4);
  let from = load<usize>(args) + <usize>c * 4;
  let to = load<usize>(args, 4) + <usize>c * 4;
  for (; c + 4 <= end; c += 4) {
    let sum = f32x4.splat(0);
    let at = from;
    for (let t = count; t > 0; t--) {
      sum = f32x4.add(sum, v128.load(at));
      at += step;
    }
    v128.store(to, sum);
    from += 16;
    to += 16;
  }
  for (; c < end; c++) {
    let sum: f32 = 0;
    let at = from;
    for (let t = count; t > 0; t--) {
      sum += load<f32>(at);
      at += step;
    }
    store<f32>(to, sum);
    from += 4;
    to += 4;
  }
}
