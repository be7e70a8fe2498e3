import { LOSSES_FAMILY } from '../../../../kernels/command.ts';
import {
  ERROR_CHUNK,
  LOSS_TOTAL,
  SQUARED_ERRORS,
  SQUARED_ERRORS_GRADIENT,
} from '../../../../kernels/ops/losses.ts';
import type { WeightedMseKernels } from '../../families/losses.ts';
import type { CpuBackend } from '../backend.ts';
import { tasksFor } from './tasks.ts';

const FAMILY = LOSSES_FAMILY * 32;

/** Weighted mean squared error on the processor. */
export function weightedMseKernels(cpu: CpuBackend): WeightedMseKernels {
  return {
    loss({ count, columns, factor }, { prediction, target, weights, loss }) {
      const rows = count / columns;
      const chunkRows = Math.max(1, Math.floor(ERROR_CHUNK / columns));
      const chunks = Math.ceil(rows / chunkRows);
      const parts = cpu.alloc(chunks * 8, 'squared errors');
      cpu.commands
        .add(FAMILY + SQUARED_ERRORS, tasksFor(cpu, count * 2, chunks), count * 4)
        .at(prediction, target, weights, parts)
        .ints(rows, columns, chunkRows)
        .floats(factor / count);
      cpu.commands
        .add(FAMILY + LOSS_TOTAL, 1)
        .at(parts)
        .ints(chunks)
        .at(loss);
      cpu.free(parts);
    },

    gradient({ count, columns, factor }, { prediction, target, weights, dy, gradient }) {
      const rows = count / columns;
      cpu.commands
        .add(FAMILY + SQUARED_ERRORS_GRADIENT, tasksFor(cpu, count * 3, rows), count * 2)
        .at(prediction, target, weights, dy, gradient)
        .ints(rows, columns)
        .floats(factor / count);
    },
  };
}
