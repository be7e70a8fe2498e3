/** Weighted mean squared error: rows of `columns` numbers, one weight a row. */
import { ERROR_CHUNK } from '../ops/losses';
import { madd, partStart, sumLanes } from '../simd';

/**
 * One f64 for each chunk of rows: factor · Σ w (p − t)².
 * Arguments: prediction, target, weights, parts, rows, columns, rows a chunk, factor.
 */
export function squaredErrors(args: usize, task: i32, tasks: i32): void {
  const columns = load<i32>(args, 20);
  const rows = load<i32>(args, 16);
  const chunkRows = load<i32>(args, 24);
  const factor = <f64>load<f32>(args, 28);
  const chunks = (rows + chunkRows - 1) / chunkRows;
  const last = partStart(chunks, task + 1, tasks);
  for (let chunk = partStart(chunks, task, tasks); chunk < last; chunk++) {
    const first = chunk * chunkRows;
    const bytes = (<usize>first * columns) << 2;
    let p = load<usize>(args) + bytes;
    let t = load<usize>(args, 4) + bytes;
    const end = min(rows, first + chunkRows);
    let sum: f64 = 0;
    for (let row = first; row < end; row++) {
      sum += <f64>load<f32>(load<usize>(args, 8) + ((<usize>row) << 2)) * squares(p, t, columns);
      p += (<usize>columns) << 2;
      t += (<usize>columns) << 2;
    }
    store<f64>(load<usize>(args, 12) + ((<usize>chunk) << 3), sum * factor);
  }
}

/** Σ (p − t)² of one row. */
@inline
function squares(p: usize, t: usize, count: i32): f64 {
  let sum: f64 = 0;
  while (count > 0) {
    const part = min(count, ERROR_CHUNK);
    const end = p + ((<usize>part) << 2);
    let lanes = f32x4.splat(0);
    while (p + 16 <= end) {
      const d = f32x4.sub(v128.load(p), v128.load(t));
      lanes = madd(d, d, lanes);
      p += 16;
      t += 16;
    }
    sum += <f64>sumLanes(lanes);
    while (p < end) {
      const d = <f64>load<f32>(p) - <f64>load<f32>(t);
      sum += d * d;
      p += 4;
      t += 4;
    }
    count -= part;
  }
  return sum;
}

/**
 * dp = 2 factor · w (p − t) · dy.
 * Arguments: prediction, target, weights, dy, gradient, rows, columns, factor.
 */
export function squaredErrorsGradient(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 20);
  const rowBytes = load<usize>(args, 24) << 2;
  const scale = <f32>2 * load<f32>(args, 28) * load<f32>(load<usize>(args, 12));
  const weights = load<usize>(args, 8);
  const last = partStart(rows, task + 1, tasks);
  let row = partStart(rows, task, tasks);
  let p = load<usize>(args) + <usize>row * rowBytes;
  let t = load<usize>(args, 4) + <usize>row * rowBytes;
  let g = load<usize>(args, 16) + <usize>row * rowBytes;
  for (; row < last; row++) {
    const factor = scale * load<f32>(weights + ((<usize>row) << 2));
    const four = f32x4.splat(factor);
    const end = p + rowBytes;
    while (p + 16 <= end) {
      v128.store(g, f32x4.mul(four, f32x4.sub(v128.load(p), v128.load(t))));
      p += 16;
      t += 16;
      g += 16;
    }
    while (p < end) {
      store<f32>(g, factor * (load<f32>(p) - load<f32>(t)));
      p += 4;
      t += 4;
      g += 4;
    }
  }
}
