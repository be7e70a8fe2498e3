import { LOSSES_FAMILY } from '../../../../kernels/command.ts';
import { SIMILARITY_MAP } from '../../../../kernels/ops/losses.ts';
import type { SimilarityKernels } from '../../families/losses.ts';
import type { CpuBackend } from '../backend.ts';
import { tasksFor } from './tasks.ts';

/** Maps of similarity on the processor. */
export function similarityKernels(cpu: CpuBackend): SimilarityKernels {
  return {
    map({ rows, columns }, { x, query, y }) {
      const size = rows * columns;
      cpu.commands
        .add(LOSSES_FAMILY * 32 + SIMILARITY_MAP, tasksFor(cpu, size, Math.ceil(rows / 4)), size * 2)
        .at(x, query, y)
        .ints(rows, columns);
    },
  };
}
