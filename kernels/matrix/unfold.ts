/** Windows of a convolution written out as rows (im2col), for the one product that reads them by columns. */
import { partStart } from '../simd';

/**
 * Arguments: 0 a, 4 y, 8 rows, 12 k, then the windows: 16 outWidth, 20 outArea, 24 imageStride, 28 stepDown, 32 step, 36 channels,
 * 40 kernelWidth, 44 tapBase, 48 tapDown, 52 tapAcross. Tasks share out rows.
 */
export function unfold(args: usize, task: i32, tasks: i32): void {
  const a = load<usize>(args);
  const rows = load<i32>(args, 8);
  const k = load<i32>(args, 12);
  const outWidth = load<i32>(args, 16);
  const outArea = load<i32>(args, 20);
  const channels = load<i32>(args, 36);
  const across = load<i32>(args, 40);
  const taps = k / channels;
  const end = partStart(rows, task + 1, tasks);
  let y = load<usize>(args, 4) + <usize>partStart(rows, task, tasks) * <usize>k * 4;
  for (let row = partStart(rows, task, tasks); row < end; row++) {
    const position = row % outArea;
    const start =
      (row / outArea) * load<i32>(args, 24) +
      (position / outWidth) * load<i32>(args, 28) +
      (position % outWidth) * load<i32>(args, 32) +
      load<i32>(args, 44);
    for (let tap: i32 = 0; tap < taps; tap++) {
      const offset = start + (tap / across) * load<i32>(args, 48) + (tap % across) * load<i32>(args, 52);
      memory.copy(y, a + <usize>(offset * 4), <usize>channels * 4);
      y += <usize>channels * 4;
    }
  }
}
