/**
 * Dropout without a stored mask: element i is kept when word i of a Philox4x32-10 stream reaches the threshold (Salmon, Moraes,
 * Dror, Shaw, SC 2011). `shaders/dropout.wgsl` and `src/random/philox.ts` draw the same words. Four blocks of four words are
 * computed together: a vector holds one word of each block.
 */
import { partStart } from '../simd';

const ROUNDS = 10;

/** Low halves of four 64-bit numbers. */
@inline
function lows(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

/** High halves of four 64-bit numbers. */
@inline
function highs(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

/** scale·x where the word reaches the threshold, else 0. */
@inline
function kept(x: v128, words: v128, threshold: v128, scale: v128): v128 {
  return v128.and(f32x4.mul(scale, x), i32x4.ge_u(words, threshold));
}

/**
 * Sixteen numbers, by the words of their four blocks.
 * @param c0 the first word of each block
 * @param left blocks that there are: those behind are not touched
 */
@inline
function apply(
  x: usize,
  y: usize,
  c0: v128,
  c1: v128,
  c2: v128,
  c3: v128,
  left: i32,
  threshold: v128,
  scale: v128,
): void {
  const low01 = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
  const low23 = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
  const high23 = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
  if (left > 0) v128.store(y, kept(v128.load(x), v128.shuffle<i64>(low01, low23, 0, 2), threshold, scale));
  if (left > 1) v128.store(y, kept(v128.load(x, 16), v128.shuffle<i64>(low01, low23, 1, 3), threshold, scale), 16);
  if (left > 2) v128.store(y, kept(v128.load(x, 32), v128.shuffle<i64>(high01, high23, 0, 2), threshold, scale), 32);
  if (left > 3) v128.store(y, kept(v128.load(x, 48), v128.shuffle<i64>(high01, high23, 1, 3), threshold, scale), 48);
}

/**
 * Arguments: 0 x, 4 y, 8 count, 12 threshold, 16 seed low, 20 seed high, 24 stream low, 28 stream high, 32 first block, 36 scale.
 * Tasks share out groups of eight blocks, two times four: one half's multiplications fill the other's waits.
 */
export function dropout(args: usize, task: i32, tasks: i32): void {
  const blocks = (load<i32>(args, 8) + 3) / 4;
  const groups = (blocks + 7) / 8;
  const threshold = v128.load32_splat(args, 12);
  const scale = v128.load32_splat(args, 36);
  const firstBlock = i32x4.add(v128.load32_splat(args, 32), i32x4(0, 1, 2, 3));
  const last = partStart(groups, task + 1, tasks);
  for (let group = partStart(groups, task, tasks); group < last; group++) {
    let c0 = i32x4.add(firstBlock, i32x4.splat(group * 8));
    let c1 = i32x4.splat(0);
    let c2 = v128.load32_splat(args, 24);
    let c3 = v128.load32_splat(args, 28);
    let d0 = i32x4.add(c0, i32x4.splat(4));
    let d1 = c1;
    let d2 = c2;
    let d3 = c3;
    let key0 = v128.load32_splat(args, 16);
    let key1 = v128.load32_splat(args, 20);
    for (let round = 0; round < ROUNDS; round++) {
      const multiplier0 = i32x4.splat(0xd2511f53);
      const multiplier1 = i32x4.splat(0xcd9e8d57);
      const c0Low = i64x2.extmul_low_i32x4_u(c0, multiplier0);
      const c0High = i64x2.extmul_high_i32x4_u(c0, multiplier0);
      const c2Low = i64x2.extmul_low_i32x4_u(c2, multiplier1);
      const c2High = i64x2.extmul_high_i32x4_u(c2, multiplier1);
      const d0Low = i64x2.extmul_low_i32x4_u(d0, multiplier0);
      const d0High = i64x2.extmul_high_i32x4_u(d0, multiplier0);
      const d2Low = i64x2.extmul_low_i32x4_u(d2, multiplier1);
      const d2High = i64x2.extmul_high_i32x4_u(d2, multiplier1);
      c0 = v128.xor(v128.xor(highs(c2Low, c2High), c1), key0);
      c1 = lows(c2Low, c2High);
      c2 = v128.xor(v128.xor(highs(c0Low, c0High), c3), key1);
      c3 = lows(c0Low, c0High);
      d0 = v128.xor(v128.xor(highs(d2Low, d2High), d1), key0);
      d1 = lows(d2Low, d2High);
      d2 = v128.xor(v128.xor(highs(d0Low, d0High), d3), key1);
      d3 = lows(d0Low, d0High);
      key0 = i32x4.add(key0, i32x4.splat(0x9e3779b9));
      key1 = i32x4.add(key1, i32x4.splat(0xbb67ae85));
    }
    const from = <usize>group * 128;
    const x = load<usize>(args) + from;
    const y = load<usize>(args, 4) + from;
    const left = blocks - group * 8;
    apply(x, y, c0, c1, c2, c3, left, threshold, scale);
    apply(x + 64, y + 64, d0, d1, d2, d3, left - 4, threshold, scale);
  }
}
