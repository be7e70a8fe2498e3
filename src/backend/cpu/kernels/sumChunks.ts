import { NORMALIZATION_FAMILY } from '../../../../kernels/command.ts';
import { SUM_CHUNKS } from '../../../../kernels/ops/normalization.ts';
import type { Storage } from '../../backend.ts';
import type { CpuBackend } from '../backend.ts';
import type { Block } from '../heap.ts';
import { tasksFor } from './tasks.ts';

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
    cpu.commands
      .add(
        NORMALIZATION_FAMILY * 32 + SUM_CHUNKS,
        tasksFor(cpu, count * columns, Math.ceil(columns / 4)),
        count * columns,
      )
      .ints((sums as Block).offset + half * columns * 4)
      .at(total)
      .ints(count, 2 * columns, columns);
  }
}
