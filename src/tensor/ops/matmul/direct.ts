import wgsl from '../../../../shaders/matmul-direct.wgsl?raw';
import { linearGrid } from '../../../gpu/grid.ts';
import type { Context } from '../../context.ts';
import { bindEpilogue, type MatmulOperands } from './operands.ts';
import { isAligned, type MatmulProblem, matmulFlops } from './problem.ts';
import { rearrange } from './rearrange.ts';

/**
 * Rows of C that an invocation computes. Loads are what costs on SwiftShader (each component of each lane is fetched by
 * itself), so more rows a load of B are faster: 4.1, 5.1 and 5.3 GFLOP/s with 8, 16 and 24. Big kernels take longer to
 * compile (half a second at 24), so small products use few.
 */
const FEW_ROWS = 8;
const MANY_ROWS = 16;
/** Most vec4 columns of C that an invocation computes. */
const MOST_COLUMNS = 4;
/** Small, so that few blocks still spread over the cores. */
const WORKGROUP = 16;

/** Blocks of C a batch entry, before splitting along K. */
export function directBlocks({ m, n }: MatmulProblem): number {
  return Math.ceil(m / rowsOf(m)) * Math.ceil(n / (4 * columnsOf(n)));
}

function rowsOf(m: number): number {
  return m < 256 ? FEW_ROWS : MANY_ROWS;
}

function columnsOf(n: number): number {
  return Math.min(MOST_COLUMNS, Math.ceil(n / 4));
}

/**
 * Run a product without workgroup memory. B stored transposed, and operands whose rows are no multiple of four, are
 * first copied into the layout the kernel reads; the copy costs a few per mille of the product.
 */
export function runDirect(
  context: Context,
  problem: MatmulProblem,
  operands: MatmulOperands,
  splits: number,
  kPerSplit: number,
): void {
  const { m, n, k, batch, ldc, strideC } = problem;
  context.scope(() => {
    const a = readableA(context, problem, operands);
    const b = readableB(context, problem, operands);
    const { tensors, switches } = bindEpilogue(operands);
    const rows = rowsOf(m);
    const columns = columnsOf(n);
    const rowBlocks = Math.ceil(m / rows);
    const columnBlocks = Math.ceil(n / (4 * columns));
    const blocks = rowBlocks * columnBlocks * batch * splits;
    context.run(
      {
        name: 'matmul-direct',
        wgsl,
        constants: {
          ...switches,
          ROWS: rows,
          COLS: columns,
          WORKGROUP,
          TRANSPOSE_A: problem.transposeA,
          K_TAIL: k % 4 !== 0,
          C_VECTOR: isAligned(n, ldc, strideC),
        },
      },
      [a.tensor, b.tensor, operands.c, ...tensors],
      {
        ...{ m, n, k, batch, kPerSplit, rowBlocks, columnBlocks, blocks, ldc, strideC },
        ...{ lda: a.ld, strideA: a.stride, ldb: b.ld, strideB: b.stride, alpha: operands.alpha },
      },
      linearGrid(blocks, WORKGROUP),
      matmulFlops(problem),
    );
    return undefined;
  });
}

/** A with rows of a multiple of four; zeros beyond k make the kernel's last step harmless. */
function readableA(context: Context, problem: MatmulProblem, { a }: MatmulOperands) {
  const { m, k, lda, strideA, transposeA } = problem;
  const [rows, columns] = transposeA ? [k, m] : [m, k];
  if (isAligned(columns, lda, strideA)) return { tensor: a, ld: lda, stride: strideA };
  const layout = { batch: strideA ? problem.batch : 1, rows, columns, ld: lda, stride: strideA };
  return dense(rearrange(context, a, layout, false, roundUp(columns)), strideA);
}

/** B as [k, n] with rows of a multiple of four. */
function readableB(context: Context, problem: MatmulProblem, { b }: MatmulOperands) {
  const { n, k, ldb, strideB, transposeB } = problem;
  if (!transposeB && isAligned(n, ldb, strideB)) return { tensor: b, ld: ldb, stride: strideB };
  const [rows, columns] = transposeB ? [n, k] : [k, n];
  const layout = { batch: strideB ? problem.batch : 1, rows, columns, ld: ldb, stride: strideB };
  return dense(rearrange(context, b, layout, transposeB, roundUp(n)), strideB);
}

function dense(tensor: ReturnType<typeof rearrange>, stride: number) {
  const [, rows, columns] = tensor.shape as [number, number, number];
  return { tensor, ld: columns, stride: stride ? rows * columns : 0 };
}

function roundUp(count: number): number {
  return Math.ceil(count / 4) * 4;
}
