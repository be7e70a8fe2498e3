import { ROWS_FAMILY } from '../../../../kernels/command.ts';
import {
  COLUMN_CHUNK,
  REDUCE_CHUNKS,
  REDUCE_COLUMNS,
  REDUCE_FINISH,
  REDUCE_ROWS,
  REDUCE_SPREAD,
  SUM_CHUNK,
} from '../../../../kernels/ops/rows.ts';
import type { ReduceKernels } from '../../families/rows.ts';
import type { CpuBackend } from '../backend.ts';
import { tasksFor } from './tasks.ts';

/** What a gradient is spread over, as the kernel counts it. */
const OVER = { all: 0, rows: 1, columns: 2 };

/** Sums on the processor. Chunks have a fixed size, so that the order of addition does not depend on threads. */
export function reduceKernels(cpu: CpuBackend): ReduceKernels {
  const add = (kernel: number, numbers: number, most?: number) =>
    cpu.commands.add(ROWS_FAMILY * 32 + kernel, tasksFor(cpu, numbers, most), numbers);
  const finish = (
    x: Parameters<ReduceKernels['all']>[1]['x'],
    y: Parameters<ReduceKernels['all']>[1]['y'],
    count: number,
    squares: boolean,
    factor: number,
  ): void => {
    add(REDUCE_FINISH, count, 1).reading(x).at(y).ints(count, squares).floats(factor);
  };
  const all: ReduceKernels['all'] = ({ count, squares, factor }, { x, y }) => {
    const chunks = Math.ceil(count / SUM_CHUNK);
    if (chunks === 1) return finish(x, y, count, squares, factor);
    const sums = cpu.alloc(chunks * 4, 'partial sums');
    add(REDUCE_CHUNKS, count, chunks).reading(x).at(sums).ints(count, squares);
    finish(sums, y, chunks, false, factor);
    cpu.free(sums);
  };
  return {
    all,
    rows({ rows, columns }, { x, y }) {
      // One long row is shared out like everything.
      if (rows === 1) return all({ count: columns, squares: false, factor: 1 }, { x, y });
      add(REDUCE_ROWS, rows * columns, rows)
        .reading(x)
        .at(y)
        .ints(rows, columns);
    },
    columns({ rows, columns }, { x, y }) {
      // A sum of no rows: the kernel begins with the first.
      if (rows === 0) return cpu.clear(y, columns * 4);
      let [from, left] = [x, rows];
      const scratch = [];
      while (left > COLUMN_CHUNK) {
        const chunks = Math.ceil(left / COLUMN_CHUNK);
        const sums = cpu.alloc(chunks * columns * 4, 'partial column sums');
        scratch.push(sums);
        add(REDUCE_COLUMNS, left * columns, chunks)
          .reading(from)
          .at(sums)
          .ints(left, columns);
        [from, left] = [sums, chunks];
      }
      add(REDUCE_COLUMNS, left * columns, 1)
        .reading(from)
        .at(y)
        .ints(left, columns);
      for (const sums of scratch) cpu.free(sums);
    },
    spread({ count, columns, over, factor }, { dy, dx, squared }) {
      add(REDUCE_SPREAD, count)
        .reading(dy)
        .at(dx)
        .reading(squared)
        .ints(count, columns, OVER[over])
        .floats(factor);
    },
  };
}
