/** Rows divided by their length. */
import { madd, partStart, sumLanes } from '../simd';

/** Σ a·b over n numbers. */
function product(a: usize, b: usize, n: i32): f32 {
  let left = f32x4.splat(0);
  let right = f32x4.splat(0);
  let i = n;
  for (; i >= 8; i -= 8) {
    left = madd(v128.load(a), v128.load(b), left);
    right = madd(v128.load(a, 16), v128.load(b, 16), right);
    a += 32;
    b += 32;
  }
  let sum = sumLanes(f32x4.add(left, right));
  for (; i > 0; i--) {
    sum += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return sum;
}

/**
 * Arguments: 0 x, 4 y, 8 norms, 12 rows, 16 columns, 20 kept, 24 period, 28 skipped, 32 eps. Row r of y is row
 * r / kept · period + skipped + r % kept of x. Tasks share out rows.
 */
export function normalize(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 12);
  const columns = load<i32>(args, 16);
  const kept = load<i32>(args, 20);
  const period = load<i32>(args, 24);
  const skipped = load<i32>(args, 28);
  const eps = load<f32>(args, 32);
  const bytes = <usize>columns * 4;
  const end = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < end; row++) {
    const source = (row / kept) * period + skipped + (row % kept);
    let x = load<usize>(args) + <usize>source * bytes;
    let y = load<usize>(args, 4) + <usize>row * bytes;
    const norm = max<f32>(sqrt<f32>(product(x, x, columns)), eps);
    store<f32>(load<usize>(args, 8) + <usize>row * 4, norm);
    const norms = f32x4.splat(norm);
    let i = columns;
    for (; i >= 4; i -= 4) {
      v128.store(y, f32x4.div(v128.load(x), norms));
      x += 16;
      y += 16;
    }
    for (; i > 0; i--) {
      store<f32>(y, load<f32>(x) / norm);
      x += 4;
      y += 4;
    }
  }
}

/** Arguments: 0 y, 4 norms, 8 dy, 12 dx, 16 rows, 20 columns, 24 eps. Tasks share out rows. */
export function normalizeGradient(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 16);
  const columns = load<i32>(args, 20);
  const eps = load<f32>(args, 24);
  const bytes = <usize>columns * 4;
  const end = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < end; row++) {
    let y = load<usize>(args) + <usize>row * bytes;
    let dy = load<usize>(args, 8) + <usize>row * bytes;
    let dx = load<usize>(args, 12) + <usize>row * bytes;
    const norm = load<f32>(load<usize>(args, 4) + <usize>row * 4);
    // A norm of eps stood in for a smaller one: a constant.
    const along: f32 = norm <= eps ? 0 : product(y, dy, columns);
    const alongs = f32x4.splat(along);
    const norms = f32x4.splat(norm);
    let i = columns;
    for (; i >= 4; i -= 4) {
      v128.store(dx, f32x4.div(f32x4.sub(v128.load(dy), f32x4.mul(v128.load(y), alongs)), norms));
      y += 16;
      dy += 16;
      dx += 16;
    }
    for (; i > 0; i--) {
      store<f32>(dx, (load<f32>(dy) - load<f32>(y) * along) / norm);
      y += 4;
      dy += 4;
      dx += 4;
    }
  }
}
