/** Layer normalization. A row stays in the innermost cache while it is gone over two or three times. */
import { madd, partStart, sumLanes } from '../simd';

/** Mean of n numbers. */
function mean(p: usize, n: i32): f32 {
  let left = f32x4.splat(0);
  let right = f32x4.splat(0);
  let i = n;
  for (; i >= 8; i -= 8) {
    left = f32x4.add(left, v128.load(p));
    right = f32x4.add(right, v128.load(p, 16));
    p += 32;
  }
  let sum = sumLanes(f32x4.add(left, right));
  for (; i > 0; i--) {
    sum += load<f32>(p);
    p += 4;
  }
  return sum / <f32>n;
}

/** Mean of (x − center)² over n numbers. */
function meanSquare(p: usize, n: i32, center: f32): f32 {
  const c = f32x4.splat(center);
  let left = f32x4.splat(0);
  let right = f32x4.splat(0);
  let i = n;
  for (; i >= 8; i -= 8) {
    const a = f32x4.sub(v128.load(p), c);
    const b = f32x4.sub(v128.load(p, 16), c);
    left = madd(a, a, left);
    right = madd(b, b, right);
    p += 32;
  }
  let sum = sumLanes(f32x4.add(left, right));
  for (; i > 0; i--) {
    const a = load<f32>(p) - center;
    sum += a * a;
    p += 4;
  }
  return sum / <f32>n;
}

/** Arguments: 0 x, 4 gamma, 8 beta, 12 y, 16 stats, 20 rows, 24 columns, 28 epsilon. Tasks share out rows. */
export function layerNorm(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 20);
  const columns = load<i32>(args, 24);
  const epsilon = load<f32>(args, 28);
  const end = partStart(rows, task + 1, tasks);
  const bytes = <usize>columns * 4;
  for (let row = partStart(rows, task, tasks); row < end; row++) {
    let x = load<usize>(args) + <usize>row * bytes;
    let y = load<usize>(args, 12) + <usize>row * bytes;
    let gamma = load<usize>(args, 4);
    let beta = load<usize>(args, 8);
    const m = mean(x, columns);
    const rstd: f32 = 1 / sqrt<f32>(meanSquare(x, columns, m) + epsilon);
    const stats = load<usize>(args, 16) + <usize>row * 8;
    store<f32>(stats, m);
    store<f32>(stats, rstd, 4);
    const ms = f32x4.splat(m);
    const rs = f32x4.splat(rstd);
    let i = columns;
    for (; i >= 4; i -= 4) {
      const n = f32x4.mul(f32x4.sub(v128.load(x), ms), rs);
      v128.store(y, madd(n, v128.load(gamma), v128.load(beta)));
      x += 16;
      y += 16;
      gamma += 16;
      beta += 16;
    }
    for (; i > 0; i--) {
      store<f32>(y, (load<f32>(x) - m) * rstd * load<f32>(gamma) + load<f32>(beta));
      x += 4;
      y += 4;
      gamma += 4;
      beta += 4;
    }
  }
}

/**
 * Arguments: 0 x, 4 gamma, 8 stats, 12 dy, 16 dx or 0, 20 sums [chunks, 2, columns] of dy and of dy·n or 0, 24 rows, 28 columns,
 * 32 rows of a chunk, 36 chunks. Tasks share out chunks.
 */
export function layerNormGradient(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 24);
  const columns = load<i32>(args, 28);
  const chunkRows = load<i32>(args, 32);
  const chunks = load<i32>(args, 36);
  const dx = load<usize>(args, 16);
  const sums = load<usize>(args, 20);
  const bytes = <usize>columns * 4;
  const end = partStart(chunks, task + 1, tasks);
  for (let chunk = partStart(chunks, task, tasks); chunk < end; chunk++) {
    const own = sums + <usize>chunk * 2 * bytes;
    if (sums) memory.fill(own, 0, 2 * bytes);
    const last = min(rows, (chunk + 1) * chunkRows);
    for (let row = chunk * chunkRows; row < last; row++) {
      const at = <usize>row * bytes;
      const stats = load<usize>(args, 8) + <usize>row * 8;
      const mean = load<f32>(stats);
      const rstd = load<f32>(stats, 4);
      const x = load<usize>(args) + at;
      const dy = load<usize>(args, 12) + at;
      if (dx) rowGradient(x, load<usize>(args, 4), dy, dx + at, columns, mean, rstd);
      if (sums) addToSums(x, dy, own, columns, mean, rstd);
    }
  }
}

/** dx = rstd (g − mean(g) − n·mean(g·n)) with g = dy·gamma, n = (x − mean)·rstd. */
function rowGradient(x: usize, gamma: usize, dy: usize, dx: usize, columns: i32, mean: f32, rstd: f32): void {
  const m = f32x4.splat(mean);
  let gs = f32x4.splat(0);
  let gns = f32x4.splat(0);
  const bytes = (<usize>columns * 4) & ~15;
  let at: usize = 0;
  for (; at < bytes; at += 16) {
    const g = f32x4.mul(v128.load(dy + at), v128.load(gamma + at));
    gs = f32x4.add(gs, g);
    gns = madd(g, f32x4.sub(v128.load(x + at), m), gns);
  }
  let sumG = sumLanes(gs);
  let sumGN = sumLanes(gns);
  const end = <usize>columns * 4;
  for (; at < end; at += 4) {
    const g = load<f32>(dy + at) * load<f32>(gamma + at);
    sumG += g;
    sumGN += g * (load<f32>(x + at) - mean);
  }
  const meanG: f32 = sumG / <f32>columns;
  const slope: f32 = (sumGN / <f32>columns) * rstd * rstd;
  const meanGs = f32x4.splat(meanG);
  const slopes = f32x4.splat(slope);
  const rs = f32x4.splat(rstd);
  for (at = 0; at < bytes; at += 16) {
    const g = f32x4.mul(v128.load(dy + at), v128.load(gamma + at));
    const along = f32x4.mul(f32x4.sub(v128.load(x + at), m), slopes);
    v128.store(dx + at, f32x4.mul(rs, f32x4.sub(f32x4.sub(g, meanGs), along)));
  }
  for (; at < end; at += 4) {
    const g = load<f32>(dy + at) * load<f32>(gamma + at);
    store<f32>(dx + at, rstd * (g - meanG - (load<f32>(x + at) - mean) * slope));
  }
}

/** Add a row's dy and dy·n to two rows of sums. */
function addToSums(x: usize, dy: usize, sums: usize, columns: i32, mean: f32, rstd: f32): void {
  const m = f32x4.splat(mean);
  const rs = f32x4.splat(rstd);
  const end = <usize>columns * 4;
  const bytes = end & ~15;
  const products = sums + end;
  let at: usize = 0;
  for (; at < bytes; at += 16) {
    const d = v128.load(dy + at);
    const n = f32x4.mul(f32x4.sub(v128.load(x + at), m), rs);
    v128.store(sums + at, f32x4.add(v128.load(sums + at), d));
    v128.store(products + at, madd(d, n, v128.load(products + at)));
  }
  for (; at < end; at += 4) {
    const d = load<f32>(dy + at);
    store<f32>(sums + at, load<f32>(sums + at) + d);
    store<f32>(products + at, load<f32>(products + at) + d * (load<f32>(x + at) - mean) * rstd);
  }
}
