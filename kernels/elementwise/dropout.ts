/**
 * Dropout without a stored mask: element i is kept when word i of a Philox4x32-10 stream reaches the threshold (Salmon, Moraes,
 * Dror, Shaw, SC 2011). `shaders/dropout.wgsl` and `src/random/philox.ts` draw the same words.
 */
import { partStart } from '../simd';

/**
 * Arguments: 0 x, 4 y, 8 count, 12 threshold, 16 seed low, 20 seed high, 24 stream low, 28 stream high, 32 first block, 36 scale.
 * Tasks share out fours, which are blocks of words.
 */
export function dropout(args: usize, task: i32, tasks: i32): void {
  const fours = (load<i32>(args, 8) + 3) / 4;
  const threshold = load<u32>(args, 12);
  const scale = load<f32>(args, 36);
  const last = partStart(fours, task + 1, tasks);
  for (let four = partStart(fours, task, tasks); four < last; four++) {
    let c0 = load<u32>(args, 32) + <u32>four;
    let c1: u32 = 0;
    let c2 = load<u32>(args, 24);
    let c3 = load<u32>(args, 28);
    let k0 = load<u32>(args, 16);
    let k1 = load<u32>(args, 20);
    for (let round = 0; round < 10; round++) {
      const p0 = <u64>0xd2511f53 * <u64>c0;
      const p1 = <u64>0xcd9e8d57 * <u64>c2;
      c0 = <u32>(p1 >> 32) ^ c1 ^ k0;
      c1 = <u32>p1;
      c2 = <u32>(p0 >> 32) ^ c3 ^ k1;
      c3 = <u32>p0;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    const x = load<usize>(args) + <usize>four * 16;
    const y = load<usize>(args, 4) + <usize>four * 16;
    store<f32>(y, c0 >= threshold ? scale * load<f32>(x) : 0);
    store<f32>(y, c1 >= threshold ? scale * load<f32>(x, 4) : 0, 4);
    store<f32>(y, c2 >= threshold ? scale * load<f32>(x, 8) : 0, 8);
    store<f32>(y, c3 >= threshold ? scale * load<f32>(x, 12) : 0, 12);
  }
}
