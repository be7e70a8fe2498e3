/** Gradients of group normalization; with n the normalized x, z = n·gamma + beta and dz the gradient of z. */
import { scratch } from '../schedule';
import { madd, partStart } from '../simd';
import { spread } from './groupNorm';
import { siluSlope } from './silu';

/**
 * Sums by chunk [images, chunks, 2, channels] of dz and of dz·n.
 * Arguments: 0 x, 4 stats, 8 images, 12 pixels, 16 channels, 20 chunks, 24 pixels of a chunk, 28 groups, 32 gamma, 36 beta, 40 dy,
 * 44 silu, 48 sums. Tasks share out chunks.
 */
export function groupGradientSums(args: usize, task: i32, tasks: i32): void {
  const pixels = load<i32>(args, 12);
  const channels = load<i32>(args, 16);
  const chunks = load<i32>(args, 20);
  const chunkPixels = load<i32>(args, 24);
  const groups = load<i32>(args, 28);
  const gamma = load<usize>(args, 32);
  const beta = load<usize>(args, 36);
  const silu = load<i32>(args, 44) != 0;
  const row = <usize>channels * 4;
  const means = scratch;
  const rstds = scratch + row;
  const total = load<i32>(args, 8) * chunks;
  const end = partStart(total, task + 1, tasks);
  for (let unit = partStart(total, task, tasks); unit < end; unit++) {
    const image = unit / chunks;
    spread(load<usize>(args, 4) + <usize>(image * groups) * 8, groups, channels, means, rstds);
    const sums = load<usize>(args, 48) + <usize>unit * 2 * row;
    const products = sums + row;
    memory.fill(sums, 0, 2 * row);
    const from = (unit % chunks) * chunkPixels;
    const last = min(pixels, from + chunkPixels);
    for (let p = from; p < last; p++) {
      const offset = (<usize>image * <usize>pixels + <usize>p) * row;
      const x = load<usize>(args) + offset;
      const dy = load<usize>(args, 40) + offset;
      for (let at: usize = 0; at < row; at += 16) {
        const n = f32x4.mul(f32x4.sub(v128.load(x + at), v128.load(means + at)), v128.load(rstds + at));
        let dz = v128.load(dy + at);
        if (silu) dz = f32x4.mul(dz, siluSlope(madd(n, v128.load(gamma + at), v128.load(beta + at))));
        v128.store(sums + at, f32x4.add(v128.load(sums + at), dz));
        v128.store(products + at, madd(dz, n, v128.load(products + at)));
      }
    }
  }
}

/**
 * Means over each group of g = dz·gamma and of g·n.
 * Arguments: 0 sums, 4 gamma, 8 images, 12 pixels, 16 channels, 20 chunks, 24 groups, 28 means [images, groups, 2]. Tasks share out
 * groups.
 */
export function groupGradientMeans(args: usize, task: i32, tasks: i32): void {
  const pixels = load<i32>(args, 12);
  const channels = load<i32>(args, 16);
  const chunks = load<i32>(args, 20);
  const groups = load<i32>(args, 24);
  const row = <usize>channels * 4;
  const size = channels / groups;
  const total = load<i32>(args, 8) * groups;
  const end = partStart(total, task + 1, tasks);
  for (let unit = partStart(total, task, tasks); unit < end; unit++) {
    const from = <usize>((unit % groups) * size) * 4;
    const sums = load<usize>(args) + <usize>(unit / groups) * <usize>chunks * 2 * row + from;
    let g: f64 = 0;
    let gn: f64 = 0;
    for (let c: usize = 0; c < <usize>size * 4; c += 4) {
      let sum: f64 = 0;
      let products: f64 = 0;
      let at = sums + c;
      for (let chunk = chunks; chunk > 0; chunk--) {
        sum += load<f32>(at);
        products += load<f32>(at + row);
        at += 2 * row;
      }
      const gamma = load<f32>(load<usize>(args, 4) + from + c);
      g += gamma * sum;
      gn += gamma * products;
    }
    const count = <f64>pixels * size;
    const means = load<usize>(args, 28) + <usize>unit * 8;
    store<f32>(means, <f32>(g / count));
    store<f32>(means, <f32>(gn / count), 4);
  }
}

/**
 * dx = rstd (g − mean(g) − n·mean(g·n)).
 * Arguments as of `groupGradientSums` up to 44 silu; 48 means, 52 dx. Tasks share out chunks.
 */
export function groupGradient(args: usize, task: i32, tasks: i32): void {
  const pixels = load<i32>(args, 12);
  const channels = load<i32>(args, 16);
  const chunks = load<i32>(args, 20);
  const chunkPixels = load<i32>(args, 24);
  const groups = load<i32>(args, 28);
  const gamma = load<usize>(args, 32);
  const beta = load<usize>(args, 36);
  const silu = load<i32>(args, 44) != 0;
  const row = <usize>channels * 4;
  const means = scratch;
  const rstds = means + row;
  const gMeans = rstds + row;
  const gnMeans = gMeans + row;
  const total = load<i32>(args, 8) * chunks;
  const end = partStart(total, task + 1, tasks);
  for (let unit = partStart(total, task, tasks); unit < end; unit++) {
    const image = unit / chunks;
    spread(load<usize>(args, 4) + <usize>(image * groups) * 8, groups, channels, means, rstds);
    spread(load<usize>(args, 48) + <usize>(image * groups) * 8, groups, channels, gMeans, gnMeans);
    const from = (unit % chunks) * chunkPixels;
    const last = min(pixels, from + chunkPixels);
    for (let p = from; p < last; p++) {
      const offset = (<usize>image * <usize>pixels + <usize>p) * row;
      const x = load<usize>(args) + offset;
      const dy = load<usize>(args, 40) + offset;
      const dx = load<usize>(args, 52) + offset;
      for (let at: usize = 0; at < row; at += 16) {
        const rstd = v128.load(rstds + at);
        const n = f32x4.mul(f32x4.sub(v128.load(x + at), v128.load(means + at)), rstd);
        const scale = v128.load(gamma + at);
        let g = f32x4.mul(v128.load(dy + at), scale);
        if (silu) g = f32x4.mul(g, siluSlope(madd(n, scale, v128.load(beta + at))));
        const along = madd(n, v128.load(gnMeans + at), v128.load(gMeans + at));
        v128.store(dx + at, f32x4.mul(rstd, f32x4.sub(g, along)));
      }
    }
  }
}
