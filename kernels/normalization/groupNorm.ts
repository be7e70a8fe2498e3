/**
 * Group normalization of [images, pixels, channels], channels last and a multiple of four. Sums are taken by channel first, so that
 * groups of any size need no special case, in chunks of pixels whose number does not depend on threads.
 */
import { scratch } from '../schedule';
import { madd, partStart } from '../simd';
import { silu } from './silu';

/**
 * Sums by chunk [images, chunks, 2, channels] of x − first and of (x − first)², first being the channel's first pixel in the image:
 * a mean far from zero costs no digits.
 * Arguments: 0 x, 4 sums, 8 images, 12 pixels, 16 channels, 20 chunks, 24 pixels of a chunk. Tasks share out chunks.
 */
export function groupSums(args: usize, task: i32, tasks: i32): void {
  const pixels = load<i32>(args, 12);
  const chunks = load<i32>(args, 20);
  const chunkPixels = load<i32>(args, 24);
  const row = load<usize>(args, 16) * 4;
  const total = load<i32>(args, 8) * chunks;
  const end = partStart(total, task + 1, tasks);
  for (let unit = partStart(total, task, tasks); unit < end; unit++) {
    const first = load<usize>(args) + <usize>(unit / chunks) * <usize>pixels * row;
    const sums = load<usize>(args, 4) + <usize>unit * 2 * row;
    const squares = sums + row;
    memory.fill(sums, 0, 2 * row);
    const from = (unit % chunks) * chunkPixels;
    const last = min(pixels, from + chunkPixels);
    for (let p = from; p < last; p++) {
      const x = first + <usize>p * row;
      for (let at: usize = 0; at < row; at += 16) {
        const v = f32x4.sub(v128.load(x + at), v128.load(first + at));
        v128.store(sums + at, f32x4.add(v128.load(sums + at), v));
        v128.store(squares + at, madd(v, v, v128.load(squares + at)));
      }
    }
  }
}

/**
 * Mean and reciprocal deviation by group. The squared deviations of a group are those within its channels and those of its
 * channels' means (Chan, Golub and LeVeque, 1979).
 * Arguments: 0 x, 4 sums, 8 images, 12 pixels, 16 channels, 20 chunks, 24 groups, 28 stats, 32 epsilon. Tasks share out groups.
 */
export function groupStatistics(args: usize, task: i32, tasks: i32): void {
  const pixels = load<i32>(args, 12);
  const channels = load<i32>(args, 16);
  const chunks = load<i32>(args, 20);
  const groups = load<i32>(args, 24);
  const row = <usize>channels * 4;
  const size = channels / groups;
  const total = load<i32>(args, 8) * groups;
  const end = partStart(total, task + 1, tasks);
  for (let unit = partStart(total, task, tasks); unit < end; unit++) {
    const image = <usize>(unit / groups);
    const from = <usize>((unit % groups) * size) * 4;
    const first = load<usize>(args) + image * <usize>pixels * row + from;
    const sums = load<usize>(args, 4) + image * <usize>chunks * 2 * row + from;
    let mean: f64 = 0;
    let deviations: f64 = 0;
    for (let c: i32 = 0; c < size; c++) {
      let sum: f64 = 0;
      let squares: f64 = 0;
      let at = sums + <usize>c * 4;
      for (let chunk = chunks; chunk > 0; chunk--) {
        sum += load<f32>(at);
        squares += load<f32>(at + row);
        at += 2 * row;
      }
      const channelMean = <f64>load<f32>(first + <usize>c * 4) + sum / pixels;
      const difference = channelMean - mean;
      mean += difference / (c + 1);
      deviations +=
        max<f64>(squares - (sum * sum) / pixels, 0) + (difference * difference * pixels * c) / (c + 1);
    }
    const stats = load<usize>(args, 28) + <usize>unit * 8;
    store<f32>(stats, <f32>mean);
    store<f32>(stats, <f32>(1 / sqrt<f64>(deviations / (<f64>pixels * size) + load<f32>(args, 32))), 4);
  }
}

/**
 * Arguments: 0 x, 4 stats, 8 images, 12 pixels, 16 channels, 20 chunks, 24 pixels of a chunk, 28 groups, 32 gamma, 36 beta, 40 y,
 * 44 silu. Tasks share out chunks.
 */
export function groupNorm(args: usize, task: i32, tasks: i32): void {
  const pixels = load<i32>(args, 12);
  const channels = load<i32>(args, 16);
  const chunks = load<i32>(args, 20);
  const chunkPixels = load<i32>(args, 24);
  const groups = load<i32>(args, 28);
  const gamma = load<usize>(args, 32);
  const beta = load<usize>(args, 36);
  const withSilu = load<i32>(args, 44) != 0;
  const row = <usize>channels * 4;
  const means = scratch;
  const factors = scratch + row;
  const total = load<i32>(args, 8) * chunks;
  const end = partStart(total, task + 1, tasks);
  for (let unit = partStart(total, task, tasks); unit < end; unit++) {
    const image = unit / chunks;
    spread(load<usize>(args, 4) + <usize>(image * groups) * 8, groups, channels, means, factors);
    for (let at: usize = 0; at < row; at += 16) {
      v128.store(factors + at, f32x4.mul(v128.load(factors + at), v128.load(gamma + at)));
    }
    const from = (unit % chunks) * chunkPixels;
    const last = min(pixels, from + chunkPixels);
    for (let p = from; p < last; p++) {
      const offset = (<usize>image * <usize>pixels + <usize>p) * row;
      const x = load<usize>(args) + offset;
      const y = load<usize>(args, 40) + offset;
      if (withSilu) {
        for (let at: usize = 0; at < row; at += 16) {
          const centred = f32x4.sub(v128.load(x + at), v128.load(means + at));
          v128.store(y + at, silu(madd(centred, v128.load(factors + at), v128.load(beta + at))));
        }
      } else {
        for (let at: usize = 0; at < row; at += 16) {
          const centred = f32x4.sub(v128.load(x + at), v128.load(means + at));
          v128.store(y + at, madd(centred, v128.load(factors + at), v128.load(beta + at)));
        }
      }
    }
  }
}

/** Pairs of numbers by group as two rows by channel. */
export function spread(pairs: usize, groups: i32, channels: i32, firsts: usize, seconds: usize): void {
  const size = channels / groups;
  for (let group: i32 = 0; group < groups; group++) {
    const first = load<f32>(pairs);
    const second = load<f32>(pairs, 4);
    for (let c: i32 = 0; c < size; c++) {
      store<f32>(firsts, first);
      store<f32>(seconds, second);
      firsts += 4;
      seconds += 4;
    }
    pairs += 8;
  }
}
