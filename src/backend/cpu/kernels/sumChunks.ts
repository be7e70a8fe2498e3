import type { Storage } from '../../backend.ts';
import type { CpuBackend } from '../backend.ts';

/**
 * Add up sums [count, 2, columns] that chunks of rows left, in the order of the chunks, so that the result does not depend on
 * threads.
 * @param of gets the first halves' total [columns], `ofProducts` the second halves', each only where given
 */
export function sumChunks(
  cpu: CpuBackend,
  { sums, count, columns }: { sums: Storage; count: number; columns: number },
  { of, ofProducts }: { of: Storage | undefined; ofProducts: Storage | undefined },
): void {
  for (const [half, total] of [of, ofProducts].entries()) {
    if (!total) continue;
    const strides = { offset: half * columns, outerStride: 0, stride: 2 * columns };
    cpu.kernels.rows.sum({ outer: 1, width: columns, count, ...strides, scale: 1 }, { x: sums, y: total });
  }
}
