/** Copying and clearing blocks. */

export const COPY = 0;
export const CLEAR = 1;

/** Bytes of one task. */
const TASK_BYTES: usize = 1 << 18;

export function memoryKernel(kernel: i32, args: usize, task: i32): void {
  const target = load<usize>(args);
  const bytes = load<usize>(args, 4);
  const from = <usize>task * TASK_BYTES;
  const count = min(bytes - from, TASK_BYTES);
  if (kernel == COPY) memory.copy(target + from, load<usize>(args, 8) + from, count);
  else memory.fill(target + from, 0, count);
}
