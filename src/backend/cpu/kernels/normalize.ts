import { NORMALIZATION_FAMILY } from '../../../../kernels/command.ts';
import { NORMALIZE, NORMALIZE_GRADIENT } from '../../../../kernels/ops/normalization.ts';
import type { NormalizeKernels } from '../../families/normalization.ts';
import type { CpuBackend } from '../backend.ts';
import { tasksFor } from './tasks.ts';

const op = (kernel: number): number => NORMALIZATION_FAMILY * 32 + kernel;

/** Rows of unit length on the processor. */
export function normalizeKernels(cpu: CpuBackend): NormalizeKernels {
  return {
    forward({ rows, columns, eps, kept, period, skipped }, { x, y, norms }) {
      const numbers = rows * columns;
      cpu.commands
        .add(op(NORMALIZE), tasksFor(cpu, numbers * 2, rows), numbers * 3)
        .at(x, y, norms)
        .ints(rows, columns, kept, period, skipped)
        .floats(eps);
    },

    backward({ rows, columns, eps }, { y, norms, dy, dx }) {
      const numbers = rows * columns;
      cpu.commands
        .add(op(NORMALIZE_GRADIENT), tasksFor(cpu, numbers * 3, rows), numbers * 5)
        .at(y, norms, dy, dx)
        .ints(rows, columns)
        .floats(eps);
    },
  };
}
