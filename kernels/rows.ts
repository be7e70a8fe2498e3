/** Moving and summing rows; the interfaces are `RowKernels` and `ReduceKernels` in src/backend/families. */
import {
  REDUCE_CHUNKS,
  REDUCE_COLUMNS,
  REDUCE_FINISH,
  REDUCE_ROWS,
  REDUCE_SPREAD,
  ROWS_COPY,
  ROWS_GATHER,
  ROWS_PLACE,
  ROWS_PREPEND,
  ROWS_SCATTER_ADD,
  ROWS_SPREAD,
  ROWS_SUM,
} from './ops/rows';
import { copyRows, gatherRows, placeRows, prependRows, scatterAddRows, spreadRows } from './rows/move';
import { finishSum, spreadSum, sumChunks, sumColumnChunks, sumEachRow, sumStrided } from './rows/sums';

export function rowsKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  switch (kernel) {
    case ROWS_COPY:
      copyRows(args, task, tasks);
      break;
    case ROWS_PLACE:
      placeRows(args, task, tasks);
      break;
    case ROWS_SUM:
      sumStrided(args, task, tasks);
      break;
    case ROWS_SPREAD:
      spreadRows(args, task, tasks);
      break;
    case ROWS_GATHER:
      gatherRows(args, task, tasks);
      break;
    case ROWS_SCATTER_ADD:
      scatterAddRows(args, task, tasks);
      break;
    case ROWS_PREPEND:
      prependRows(args, task, tasks);
      break;
    case REDUCE_CHUNKS:
      sumChunks(args, task, tasks);
      break;
    case REDUCE_FINISH:
      finishSum(args);
      break;
    case REDUCE_ROWS:
      sumEachRow(args, task, tasks);
      break;
    case REDUCE_COLUMNS:
      sumColumnChunks(args, task, tasks);
      break;
    case REDUCE_SPREAD:
      spreadSum(args, task, tasks);
      break;
    default:
      unreachable();
  }
}
