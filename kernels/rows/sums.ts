/** Sums over everything, over rows, over columns, and strided ones. Their order never depends on threads. */
import { COLUMN_CHUNK, SUM_CHUNK } from '../ops/rows';
import { madd, partStart, sumLanes } from '../simd';
import { addRun, scaleRun } from './vectors';

/** Σ x, or Σ x², over `count` numbers, in sixteen running sums. */
function total(x: usize, count: i32, squares: bool): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let i: i32 = 0;
  if (squares) {
    for (; i + 16 <= count; i += 16) {
      const a = v128.load(x);
      const b = v128.load(x, 16);
      const c = v128.load(x, 32);
      const d = v128.load(x, 48);
      s0 = madd(a, a, s0);
      s1 = madd(b, b, s1);
      s2 = madd(c, c, s2);
      s3 = madd(d, d, s3);
      x += 64;
    }
  } else {
    for (; i + 16 <= count; i += 16) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
      s3 = f32x4.add(s3, v128.load(x, 48));
      x += 64;
    }
  }
  let sum = sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  for (; i < count; i++) {
    const value = load<f32>(x);
    sum += squares ? value * value : value;
    x += 4;
  }
  return sum;
}

/** Arguments: 0 x, 4 sums, 8 count, 12 squares. One sum per SUM_CHUNK numbers; tasks share out chunks. */
export function sumChunks(args: usize, task: i32, tasks: i32): void {
  const count = load<i32>(args, 8);
  const chunks = (count + SUM_CHUNK - 1) / SUM_CHUNK;
  const last = partStart(chunks, task + 1, tasks);
  for (let chunk = partStart(chunks, task, tasks); chunk < last; chunk++) {
    const first = chunk * SUM_CHUNK;
    const x = load<usize>(args) + <usize>first * 4;
    const sum = total(x, min(SUM_CHUNK, count - first), load<i32>(args, 12) != 0);
    store<f32>(load<usize>(args, 4) + <usize>chunk * 4, sum);
  }
}

/** Arguments: 0 x, 4 y, 8 count, 12 squares, 16 factor. One task. */
export function finishSum(args: usize): void {
  const sum = total(load<usize>(args), load<i32>(args, 8), load<i32>(args, 12) != 0);
  store<f32>(load<usize>(args, 4), sum * load<f32>(args, 16));
}

/** Arguments: 0 x, 4 y, 8 rows, 12 columns. Tasks share out rows. */
export function sumEachRow(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 8);
  const columns = load<i32>(args, 12);
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    const x = load<usize>(args) + <usize>row * <usize>columns * 4;
    store<f32>(load<usize>(args, 4) + <usize>row * 4, total(x, columns, false));
  }
}

/** Arguments: 0 x, 4 sums, 8 rows, 12 columns. One row of sums per COLUMN_CHUNK rows; tasks share out chunks. */
export function sumColumnChunks(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 8);
  const columns = load<i32>(args, 12);
  const bytes = <usize>columns * 4;
  const chunks = (rows + COLUMN_CHUNK - 1) / COLUMN_CHUNK;
  const last = partStart(chunks, task + 1, tasks);
  for (let chunk = partStart(chunks, task, tasks); chunk < last; chunk++) {
    const y = load<usize>(args, 4) + <usize>chunk * bytes;
    const first = chunk * COLUMN_CHUNK;
    const end = min(first + COLUMN_CHUNK, rows);
    memory.copy(y, load<usize>(args) + <usize>first * bytes, bytes);
    for (let row = first + 1; row < end; row++) addRun(y, load<usize>(args) + <usize>row * bytes, y, columns);
  }
}

/**
 * Arguments: 0 x, 4 y, 8 outer, 12 width, 16 count, 20 offset, 24 outerStride, 28 stride, 32 scale. Tasks share out numbers of the
 * result, in runs of one outer index.
 */
export function sumStrided(args: usize, task: i32, tasks: i32): void {
  const width = load<i32>(args, 12);
  const count = load<i32>(args, 16);
  const stride = load<usize>(args, 28) * 4;
  const scale = load<f32>(args, 32);
  const size = load<i32>(args, 8) * width;
  const end = partStart(size, task + 1, tasks);
  let at = partStart(size, task, tasks);
  while (at < end) {
    const outer = at / width;
    const column = at % width;
    const run = min(width - column, end - at);
    let x =
      load<usize>(args) + (load<usize>(args, 20) + <usize>outer * load<usize>(args, 24) + <usize>column) * 4;
    const y = load<usize>(args, 4) + <usize>at * 4;
    memory.copy(y, x, <usize>run * 4);
    for (let t: i32 = 1; t < count; t++) {
      x += stride;
      addRun(y, x, y, run);
    }
    scaleRun(y, y, run, scale);
    at += run;
  }
}

/**
 * Arguments: 0 dy, 4 dx, 8 squared or 0, 12 count, 16 columns, 20 over (0 all, 1 rows, 2 columns), 24 factor. Tasks share out
 * numbers.
 */
export function spreadSum(args: usize, task: i32, tasks: i32): void {
  const dy = load<usize>(args);
  const dx = load<usize>(args, 4);
  const squared = load<usize>(args, 8);
  const count = load<i32>(args, 12);
  const columns = load<i32>(args, 16);
  const over = load<i32>(args, 20);
  const factor = load<f32>(args, 24);
  const end = partStart(count, task + 1, tasks);
  for (let i = partStart(count, task, tasks); i < end; i++) {
    const source = over == 0 ? 0 : over == 1 ? i / columns : i % columns;
    let gradient = factor * load<f32>(dy + <usize>source * 4);
    if (squared) gradient *= 2 * load<f32>(squared + <usize>i * 4);
    store<f32>(dx + <usize>i * 4, gradient);
  }
}
