import { NORMALIZATION_FAMILY } from '../../../../kernels/command.ts';
import { LAYER_NORM, LAYER_NORM_GRADIENT } from '../../../../kernels/ops/normalization.ts';
import type { LayerNormKernels } from '../../families/normalization.ts';
import type { CpuBackend } from '../backend.ts';
import { sumChunks } from './sumChunks.ts';
import { tasksFor } from './tasks.ts';

const op = (kernel: number): number => NORMALIZATION_FAMILY * 32 + kernel;

/** Chunks of rows that the gradients of gamma and beta are first summed over, and the fewest rows of one. */
const MOST_CHUNKS = 64;
const FEWEST_ROWS = 8;

/** Layer normalization on the processor. */
export function layerNormKernels(cpu: CpuBackend): LayerNormKernels {
  return {
    forward({ rows, columns, epsilon }, { x, gamma, beta, y, stats }) {
      const numbers = rows * columns;
      cpu.commands
        .add(op(LAYER_NORM), tasksFor(cpu, numbers * 2, rows), numbers * 8)
        .at(x, gamma, beta, y, stats)
        .ints(rows, columns)
        .floats(epsilon);
    },

    backward({ rows, columns }, { x, gamma, stats, dy, dx, dgamma, dbeta }) {
      const numbers = rows * columns;
      const chunkRows = Math.max(FEWEST_ROWS, Math.ceil(rows / MOST_CHUNKS));
      const chunks = Math.ceil(rows / chunkRows);
      const sums = dgamma || dbeta ? cpu.alloc(chunks * 2 * columns * 4, 'layerNorm sums') : undefined;
      cpu.commands
        .add(op(LAYER_NORM_GRADIENT), tasksFor(cpu, numbers * 3, chunks), numbers * 12)
        .at(x, gamma, stats, dy, dx, sums)
        .ints(rows, columns, chunkRows, chunks);
      if (!sums) return;
      sumChunks(cpu, { sums, count: chunks, columns }, { of: dbeta, ofProducts: dgamma });
      cpu.free(sums);
    },
  };
}
