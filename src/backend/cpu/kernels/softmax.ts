import { NORMALIZATION_FAMILY } from '../../../../kernels/command.ts';
import { SOFTMAX, SOFTMAX_GRADIENT } from '../../../../kernels/ops/normalization.ts';
import type { SoftmaxKernels } from '../../families/normalization.ts';
import type { CpuBackend } from '../backend.ts';
import { tasksFor } from './tasks.ts';

const op = (kernel: number): number => NORMALIZATION_FAMILY * 32 + kernel;

/** Softmax on the processor. */
export function softmaxKernels(cpu: CpuBackend): SoftmaxKernels {
  return {
    forward({ rows, columns }, { x, y }) {
      const numbers = rows * columns;
      cpu.commands
        .add(op(SOFTMAX), tasksFor(cpu, numbers * 4, rows), numbers * 30)
        .at(x, y)
        .ints(rows, columns);
    },

    backward({ rows, columns }, { y, dy, dx }) {
      const numbers = rows * columns;
      cpu.commands
        .add(op(SOFTMAX_GRADIENT), tasksFor(cpu, numbers * 3, rows), numbers * 4)
        .at(y, dy, dx)
        .ints(rows, columns);
    },
  };
}
