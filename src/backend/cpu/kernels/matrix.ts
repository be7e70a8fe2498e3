import { MATRIX_FAMILY } from '../../../../kernels/command.ts';
import {
  A_TRANSPOSED,
  A_WINDOWS,
  B_PACKED,
  COMBINE,
  MOST_TASK_ROWS,
  PACK,
  PRODUCT,
  REARRANGE,
  TILE_COLUMNS,
  TILE_ROWS,
  UNFOLD,
} from '../../../../kernels/ops/matrix.ts';
import type { Storage } from '../../backend.ts';
import type { GemmOperands, GemmProblem, MatrixKernels, Windows } from '../../families/matrix.ts';
import type { CpuBackend } from '../backend.ts';
import type { Block } from '../heap.ts';
import { tasksFor } from './tasks.ts';

const op = (kernel: number): number => MATRIX_FAMILY * 32 + kernel;

/** Rows of A that make packing B worth its pass over memory. */
const PACK_FROM_ROWS = 24;
/** Multiply-adds of a task: about 0.3 ms; and of the smallest that is worth handing to another thread. */
const TASK_WORK = 6e6;
const LEAST_WORK = 3e5;
/** Rows that a panel of B is used for at least, where there are as many. */
const REUSED_ROWS = 80;

/** Matrix products on the processor: B in panels of eight columns, A read in place, C in tiles of 5 × 8. */
export function matrixKernels(cpu: CpuBackend): MatrixKernels {
  return {
    gemm(problem, operands) {
      if (problem.windows && problem.transposeA) unfolded(cpu, problem, problem.windows, operands);
      else if (problem.windows || packs(problem, operands)) withPackedB(cpu, problem, operands);
      else product(cpu, problem, operands, operands.b.storage, 0);
    },

    combine({ count, n, splits }, partial, { c, bias, addend, alpha }) {
      cpu.commands
        .add(op(COMBINE), tasksFor(cpu, count * splits), count * splits)
        .at(partial, c, bias, addend)
        .ints(count, n, splits)
        .floats(alpha);
    },

    rearrange({ batch, rows, columns, ld, stride, transpose, outColumns }, x, y) {
      cpu.commands
        .add(op(REARRANGE), tasksFor(cpu, batch * rows * columns * 2))
        .reading(x.storage)
        .at(y)
        .ints(batch, rows, columns, ld, stride, transpose, outColumns, x.half);
    },
  };
}

/** Whether B has to be, or is worth being, copied into panels. */
function packs({ m, transposeB }: GemmProblem, { b }: GemmOperands): boolean {
  return transposeB || b.half || m >= PACK_FROM_ROWS;
}

function withPackedB(cpu: CpuBackend, problem: GemmProblem, operands: GemmOperands): void {
  const { n, k, batch, transposeB, ldb, strideB, stackB = 1 } = problem;
  const { b } = operands;
  const matrices = strideB === 0 ? 1 : batch;
  const panels = matrices * Math.ceil(n / TILE_COLUMNS);
  const stride = Math.ceil(n / TILE_COLUMNS) * TILE_COLUMNS * k;
  const bytes = matrices * stride * 4;
  const layout = `${n} ${k} ${ldb} ${strideB} ${matrices} ${transposeB} ${stackB}`;
  // What is kept may still wait to be packed.
  const kept = cpu.overtaking ? undefined : cpu.packs.find(b.storage as Block, layout, bytes);
  const packed = kept?.packed ?? cpu.alloc(bytes, 'packed B');
  if (!kept?.filled) {
    cpu.commands
      .add(op(PACK), tasksFor(cpu, matrices * stride * 2, panels))
      .reading(b.storage, packed)
      .ints(k, n, ldb, strideB, matrices, transposeB, b.half, stackB);
  }
  product(cpu, { ...problem, strideB: strideB === 0 ? 0 : stride }, operands, packed, B_PACKED);
  if (!kept) cpu.free(packed);
}

/** The product of the windows' transpose, as the weight gradient of a convolution needs it: the windows are written out first. */
function unfolded(cpu: CpuBackend, problem: GemmProblem, windows: Windows, operands: GemmOperands): void {
  // Stored, A has k rows of m numbers.
  const { m, k } = problem;
  const rows = cpu.alloc(m * k * 4, 'windows');
  cpu.commands
    .add(op(UNFOLD), tasksFor(cpu, m * k * 2))
    .reading(operands.a)
    .at(rows)
    .ints(k, m)
    .ints(...windowInts(windows));
  const { windows: _, ...rest } = problem;
  const plain = { ...rest, lda: m, strideA: 0 };
  if (packs(plain, operands)) withPackedB(cpu, plain, { ...operands, a: rows });
  else product(cpu, plain, { ...operands, a: rows }, operands.b.storage, 0);
  cpu.free(rows);
}

function product(
  cpu: CpuBackend,
  problem: GemmProblem,
  { a, c, bias, addend, alpha }: GemmOperands,
  b: Storage,
  packed: number,
): void {
  const { m, n, k, batch, transposeA, lda, ldb, ldc, strideA, strideB, strideC, windows } = problem;
  const mode = packed | (windows ? A_WINDOWS : transposeA ? A_TRANSPOSED : 0);
  const { rowsPerTask, columnsPerTask } = shares(m, n, k, batch, cpu.threads);
  const rowTasks = Math.ceil(m / rowsPerTask);
  const columnTasks = Math.ceil(n / columnsPerTask);
  const command = cpu.commands
    .add(op(PRODUCT), rowTasks * columnTasks * batch, 2 * m * n * k * batch)
    .reading(a, b)
    .at(c)
    .reading(bias, addend)
    .ints(m, n, k)
    .floats(alpha)
    .ints(lda, ldb, ldc, strideA, strideB, strideC, mode, rowsPerTask, columnsPerTask, rowTasks, columnTasks);
  if (windows) command.ints(...windowInts(windows));
}

function windowInts(windows: Windows): number[] {
  const { outWidth, outArea, imageStride, stepDown, step, channels, kernelWidth } = windows;
  const { tapBase, tapDown, tapAcross } = windows;
  return [outWidth, outArea, imageStride, stepDown, step, channels, kernelWidth, tapBase, tapDown, tapAcross];
}

/**
 * Rows and columns of C that a task computes, in equal parts. A panel of B is worth loading for a dozen tiles, so tasks keep that many rows
 * and products of few rows are cut by columns.
 */
export function shares(m: number, n: number, k: number, batch: number, threads: number) {
  const tiles = Math.ceil(m / TILE_ROWS);
  const panels = Math.ceil(n / TILE_COLUMNS);
  const rows = Math.min(MOST_TASK_ROWS, Math.max(REUSED_ROWS, TASK_WORK / (n * k)));
  const rowTasks = Math.ceil(m / rows);
  const work = m * n * k * batch;
  const wanted = Math.max(work / (4 * TASK_WORK), Math.min(4 * threads, work / LEAST_WORK));
  const columnTasks = Math.min(panels, Math.max(1, Math.ceil(wanted / (rowTasks * batch))));
  return {
    rowsPerTask: Math.ceil(tiles / rowTasks) * TILE_ROWS,
    columnsPerTask: Math.ceil(panels / columnTasks) * TILE_COLUMNS,
  };
}
