/** Optimizer steps and gradient clipping. */
import { ADAM, CLIP_FACTOR, GRADIENT_CHUNK, SCALE_GRADIENTS, SQUARES } from './ops/optimizer';
import { madd, partStart, sumLanes } from './simd';

export function optimizerKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  switch (kernel) {
    case ADAM:
      adam(args, task, tasks);
      break;
    case SQUARES:
      squares(args, task, tasks);
      break;
    case CLIP_FACTOR:
      clipFactor(args);
      break;
    case SCALE_GRADIENTS:
      scaleGradients(args, task, tasks);
      break;
    default:
      unreachable();
  }
}

/**
 * Adam and AdamW as in PyTorch, four weights at a time; what is computed in the padding never meets a weight.
 * Arguments: moments, fours of all parameters together, gain1, beta2, gain2, stepSize, denominatorScale, eps, decay, decoupled, parameters,
 * then for each: fours, values, gradient.
 */
function adam(args: usize, task: i32, tasks: i32): void {
  const total = load<i32>(args, 4);
  const first = partStart(total, task, tasks);
  const last = partStart(total, task + 1, tasks);
  const parameters = load<i32>(args, 40);
  let start = 0;
  for (let i = 0; i < parameters; i++) {
    const parameter = args + 44 + <usize>i * 12;
    const end = start + load<i32>(parameter);
    const from = max(first, start);
    if (from < min(last, end)) {
      const skipped = (<usize>(from - start)) << 4;
      update(
        args,
        (<usize>from) << 4,
        min(last, end) - from,
        load<usize>(parameter, 4) + skipped,
        load<usize>(parameter, 8) + skipped,
      );
    }
    start = end;
  }
}

function update(args: usize, at: usize, count: i32, w: usize, g: usize): void {
  let m = load<usize>(args) + at;
  let v = m + (load<usize>(args, 4) << 4);
  const gain1 = v128.load32_splat(args, 8);
  const beta2 = v128.load32_splat(args, 12);
  const gain2 = v128.load32_splat(args, 16);
  const stepSize = v128.load32_splat(args, 20);
  const scale = v128.load32_splat(args, 24);
  const eps = v128.load32_splat(args, 28);
  const decay = load<f32>(args, 32);
  const decoupled = load<i32>(args, 36);
  const keep = f32x4.splat(decoupled ? 1 - decay : 1);
  const added = f32x4.splat(decoupled ? 0 : decay);
  const end = w + ((<usize>count) << 4);
  while (w < end) {
    const old = v128.load(w);
    const gradient = madd(added, old, v128.load(g));
    const before = v128.load(m);
    const first = madd(gain1, f32x4.sub(gradient, before), before);
    const second = madd(f32x4.mul(gain2, gradient), gradient, f32x4.mul(beta2, v128.load(v)));
    v128.store(m, first);
    v128.store(v, second);
    const denominator = madd(f32x4.sqrt(second), scale, eps);
    v128.store(w, f32x4.sub(f32x4.mul(old, keep), f32x4.div(f32x4.mul(stepSize, first), denominator)));
    w += 16;
    g += 16;
    m += 16;
    v += 16;
  }
}

/**
 * Σ g² of each chunk of GRADIENT_CHUNK numbers, as f64; chunks are counted through the gradients.
 * Arguments: sums, chunks, gradients, then for each: size, values.
 */
function squares(args: usize, task: i32, tasks: i32): void {
  const total = load<i32>(args, 4);
  const last = partStart(total, task + 1, tasks);
  let entry = args + 12;
  let before = 0;
  for (let chunk = partStart(total, task, tasks); chunk < last; chunk++) {
    let size = load<i32>(entry);
    while (chunk - before >= chunksOf(size)) {
      before += chunksOf(size);
      entry += 8;
      size = load<i32>(entry);
    }
    const first = (chunk - before) * GRADIENT_CHUNK;
    const from = load<usize>(entry, 4) + ((<usize>first) << 2);
    store<f64>(load<usize>(args) + ((<usize>chunk) << 3), squaresOf(from, min(GRADIENT_CHUNK, size - first)));
  }
}

@inline
function chunksOf(size: i32): i32 {
  return (size + GRADIENT_CHUNK - 1) / GRADIENT_CHUNK;
}

function squaresOf(g: usize, count: i32): f64 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  const end = g + ((<usize>count) << 2);
  while (g + 64 <= end) {
    const a = v128.load(g);
    const b = v128.load(g, 16);
    const c = v128.load(g, 32);
    const d = v128.load(g, 48);
    s0 = madd(a, a, s0);
    s1 = madd(b, b, s1);
    s2 = madd(c, c, s2);
    s3 = madd(d, d, s3);
    g += 64;
  }
  let total = <f64>sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  while (g < end) {
    const value = <f64>load<f32>(g);
    total += value * value;
    g += 4;
  }
  return total;
}

/**
 * norm [2] = the norm of all gradients together, and what they are multiplied by.
 * Arguments: sums, their count, norm, maxNorm.
 */
function clipFactor(args: usize): void {
  let at = load<usize>(args);
  const end = at + (load<usize>(args, 4) << 3);
  let total: f64 = 0;
  for (; at < end; at += 8) total += load<f64>(at);
  const norm = <f32>sqrt<f64>(total);
  store<f32>(load<usize>(args, 8), norm);
  store<f32>(load<usize>(args, 8), min<f32>(1, load<f32>(args, 12) / (norm + 1e-6)), 4);
}

/**
 * Multiply gradients by norm[1].
 * Arguments: norm, fours of all gradients together, gradients, then for each: fours, values.
 */
function scaleGradients(args: usize, task: i32, tasks: i32): void {
  const factor = load<f32>(load<usize>(args), 4);
  if (factor == 1) return;
  const total = load<i32>(args, 4);
  const first = partStart(total, task, tasks);
  const last = partStart(total, task + 1, tasks);
  const gradients = load<i32>(args, 8);
  let start = 0;
  for (let i = 0; i < gradients; i++) {
    const entry = args + 12 + ((<usize>i) << 3);
    const finish = start + load<i32>(entry);
    const values = load<usize>(entry, 4);
    let at = values + ((<usize>(max(first, start) - start)) << 4);
    const end = values + ((<usize>max(0, min(last, finish) - start)) << 4);
    for (; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), f32x4.splat(factor)));
    start = finish;
  }
}
