import { dot, sumsOfLanes } from '../dot';
import { madd, partStart } from '../simd';

/**
 * y [rows] = x [rows, columns] · query [columns]. Four rows at a time share what they load of the query.
 * Arguments: x, query, y, rows, columns.
 */
export function similarityMap(args: usize, task: i32, tasks: i32): void {
  const query = load<usize>(args, 4);
  const columns = load<i32>(args, 16);
  const rows = load<i32>(args, 12);
  const bytes = (<usize>columns) << 2;
  // Parts begin at fours, so that a row is summed the same way whoever does it.
  const fours = (rows + 3) >> 2;
  let row = partStart(fours, task, tasks) << 2;
  const last = min(rows, partStart(fours, task + 1, tasks) << 2);
  let x = load<usize>(args) + <usize>row * bytes;
  let y = load<usize>(args, 8) + ((<usize>row) << 2);
  for (; row + 4 <= last; row += 4) {
    v128.store(y, fourDots(x, bytes, query, columns));
    x += bytes << 2;
    y += 16;
  }
  for (; row < last; row++) {
    store<f32>(y, dot(x, query, columns));
    x += bytes;
    y += 4;
  }
}

/** Products of four rows, `bytes` apart, with the query. */
@inline
function fourDots(x0: usize, bytes: usize, q: usize, columns: i32): v128 {
  let x1 = x0 + bytes;
  let x2 = x1 + bytes;
  let x3 = x2 + bytes;
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  const end = q + bytes;
  const even = q + ((<usize>(columns & ~7)) << 2);
  while (q < even) {
    let c = v128.load(q);
    s0 = madd(v128.load(x0), c, s0);
    s1 = madd(v128.load(x1), c, s1);
    s2 = madd(v128.load(x2), c, s2);
    s3 = madd(v128.load(x3), c, s3);
    c = v128.load(q, 16);
    s0 = madd(v128.load(x0, 16), c, s0);
    s1 = madd(v128.load(x1, 16), c, s1);
    s2 = madd(v128.load(x2, 16), c, s2);
    s3 = madd(v128.load(x3, 16), c, s3);
    q += 32;
    x0 += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  }
  let sums = sumsOfLanes(s0, s1, s2, s3);
  while (q < end) {
    const c = v128.load32_splat(q);
    let x = f32x4.splat(load<f32>(x0));
    x = f32x4.replace_lane(x, 1, load<f32>(x1));
    x = f32x4.replace_lane(x, 2, load<f32>(x2));
    x = f32x4.replace_lane(x, 3, load<f32>(x3));
    sums = madd(x, c, sums);
    q += 4;
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
  }
  return sums;
}
