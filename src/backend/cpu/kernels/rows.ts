import { ROWS_FAMILY } from '../../../../kernels/command.ts';
import {
  ROWS_COPY,
  ROWS_GATHER,
  ROWS_PLACE,
  ROWS_PREPEND,
  ROWS_SCATTER_ADD,
  ROWS_SPREAD,
  ROWS_SUM,
} from '../../../../kernels/ops/rows.ts';
import type { RowKernels } from '../../families/rows.ts';
import type { CpuBackend } from '../backend.ts';
import { tasksFor } from './tasks.ts';

/** Moving and summing rows on the processor. */
export function rowKernels(cpu: CpuBackend): RowKernels {
  const add = (kernel: number, numbers: number, most?: number) =>
    cpu.commands.add(ROWS_FAMILY * 32 + kernel, tasksFor(cpu, numbers, most), numbers);
  return {
    copy: ({ rows, width, xStride, xOffset, yStride, yOffset }, { x, y }) => {
      add(ROWS_COPY, rows * width)
        .reading(x)
        .at(y)
        .ints(rows, width, xStride, xOffset, yStride, yOffset);
    },
    place: ({ rows, width, offset, blockWidth }, { x, y }) => {
      add(ROWS_PLACE, rows * width)
        .reading(x)
        .at(y)
        .ints(rows, width, offset, blockWidth);
    },
    sum: ({ outer, width, count, offset, outerStride, stride, scale }, { x, y }) => {
      // A sum of nothing: the kernel begins with the first.
      if (count === 0) return cpu.clear(y, outer * width * 4);
      add(ROWS_SUM, outer * width * count, outer * width)
        .reading(x)
        .at(y)
        .ints(outer, width, count, offset, outerStride, stride)
        .floats(scale);
    },
    spread: ({ outer, count, width, begin, end, scale }, { x, y }) => {
      add(ROWS_SPREAD, outer * count * width, outer * count)
        .reading(x)
        .at(y)
        .ints(outer, count, width, begin, end)
        .floats(scale);
    },
    gather: ({ rows, width }, { x, indices, y }) => {
      add(ROWS_GATHER, rows * width, rows)
        .reading(x, indices)
        .at(y)
        .ints(rows, width);
    },
    scatterAdd: ({ rows, width, entries }, { x, starts, sources, y }) => {
      add(ROWS_SCATTER_ADD, (rows + entries) * width, rows)
        .reading(x, starts, sources)
        .at(y)
        .ints(rows, width);
    },
    prepend: ({ batch, tokens, prefix, width }, { token, x, positions, y }) => {
      add(ROWS_PREPEND, batch * tokens * width, batch * tokens)
        .reading(token, x, positions)
        .at(y)
        .ints(batch, tokens, prefix, width);
    },
  };
}
