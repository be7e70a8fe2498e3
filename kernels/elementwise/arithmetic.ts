/** Sums and products, number by number. Tasks share out fours; padding is computed along. */
import { madd, partStart } from '../simd';

/** Arguments: 0 y, 4 count, 8 value. */
export function fill(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 4) + 3) / 4;
  const value = v128.load32_splat(args, 8);
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  for (let y = load<usize>(args) + <usize>partStart(fours, task, tasks) * 16; y < end; y += 16) v128.store(y, value);
}

/** y = a + alpha·b. Arguments: 0 a, 4 b, 8 y, 12 count, 16 alpha. */
export function add(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 12) + 3) / 4;
  const alpha = v128.load32_splat(args, 16);
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let b = load<usize>(args, 4) + from;
  let y = load<usize>(args, 8) + from;
  for (let a = load<usize>(args) + from; a < end; a += 16) {
    v128.store(y, madd(alpha, v128.load(b), v128.load(a)));
    b += 16;
    y += 16;
  }
}

/** y = alpha·x. Arguments: 0 x, 4 y, 8 count, 12 alpha, or 16 the address of alpha where that is not 0. */
export function scale(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 8) + 3) / 4;
  const pointer = load<usize>(args, 16);
  const alpha = pointer ? v128.load32_splat(pointer) : v128.load32_splat(args, 12);
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let y = load<usize>(args, 4) + from;
  for (let x = load<usize>(args) + from; x < end; x += 16) {
    v128.store(y, f32x4.mul(alpha, v128.load(x)));
    y += 16;
  }
}

/** y = Σ factor·x. Arguments: 0 y, 4 count, 8 terms, then for each term its address and its factor. */
export function combineTerms(args: usize, task: i32, tasks: i32): void {
  const y = load<usize>(args);
  const fours = (load<i32>(args, 4) + 3) / 4;
  const terms = load<i32>(args, 8);
  const end = <usize>partStart(fours, task + 1, tasks) * 16;
  for (let at = <usize>partStart(fours, task, tasks) * 16; at < end; at += 16) {
    let term = args + 12;
    let sum = f32x4.mul(v128.load32_splat(term, 4), v128.load(load<usize>(term) + at));
    for (let i: i32 = 1; i < terms; i++) {
      term += 8;
      sum = madd(v128.load32_splat(term, 4), v128.load(load<usize>(term) + at), sum);
    }
    v128.store(y + at, sum);
  }
}

/** y = a·b. Arguments: 0 a, 4 b, 8 y, 12 count. */
export function multiply(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 12) + 3) / 4;
  const from = <usize>partStart(fours, task, tasks) * 16;
  const end = load<usize>(args) + <usize>partStart(fours, task + 1, tasks) * 16;
  let b = load<usize>(args, 4) + from;
  let y = load<usize>(args, 8) + from;
  for (let a = load<usize>(args) + from; a < end; a += 16) {
    v128.store(y, f32x4.mul(v128.load(a), v128.load(b)));
    b += 16;
    y += 16;
  }
}

/** y = gamma·x + residual. Arguments: 0 x, 4 gamma, 8 residual or 0, 12 y, 16 rows, 20 columns. Tasks share out rows. */
export function layerScale(args: usize, task: i32, tasks: i32): void {
  const gamma = load<usize>(args, 4);
  const residual = load<usize>(args, 8);
  const rows = load<i32>(args, 16);
  const columns = load<i32>(args, 20);
  const bytes = <usize>columns * 4;
  const whole = bytes & ~15;
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    const line = <usize>row * bytes;
    const x = load<usize>(args) + line;
    const y = load<usize>(args, 12) + line;
    if (residual) {
      const plus = residual + line;
      for (let at: usize = 0; at < whole; at += 16)
        v128.store(y + at, madd(v128.load(gamma + at), v128.load(x + at), v128.load(plus + at)));
      for (let at = whole; at < bytes; at += 4)
        store<f32>(y + at, load<f32>(gamma + at) * load<f32>(x + at) + load<f32>(plus + at));
    } else {
      for (let at: usize = 0; at < whole; at += 16)
        v128.store(y + at, f32x4.mul(v128.load(gamma + at), v128.load(x + at)));
      for (let at = whole; at < bytes; at += 4) store<f32>(y + at, load<f32>(gamma + at) * load<f32>(x + at));
    }
  }
}
