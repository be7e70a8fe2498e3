import direct from '../../../../shaders/matmul-direct.wgsl?raw';
import windows from '../../../../shaders/matmul-windows.wgsl?raw';
import { linearGrid } from '../../../backend/webgpu/grid.ts';
import type { Context } from '../../context.ts';
import { bindEpilogue, type MatmulOperands } from './operands.ts';
import { isAligned, type MatmulProblem, matmulFlops } from './problem.ts';
import { rearrange } from './rearrange.ts';

const wgsl = direct + windows;

/** Products of m · n · k that are worth a kernel that is a quarter faster and takes a quarter of a second more to compile. */
const LARGE = 1e8;

/** Small, so that few blocks still spread over the cores. */
const WORKGROUP = 16;

/** The block of C that an invocation, or four of them together, computes. */
export interface DirectBlock {
  /** Whether four invocations share what they load of A, by subgroup operations. */
  quad: boolean;
  rows: number;
  /** vec4 columns of an invocation. */
  columns: number;
  /** Columns of the block. */
  width: number;
}

/**
 * Shape of the blocks. Loads are what costs on SwiftShader (every component of every lane is fetched by itself), so
 * more rows a load of B, and a shared A, are faster; but 64 accumulators take half a second to compile, 32 half of that,
 * which only large products earn back. Milliseconds for 6168 × 576 × 192 with rows × columns: alone 8 × 4 650, 16 × 4 530, 24 × 4 505; as quads
 * 16 × 2 560, 32 × 2 460, 32 × 4 400.
 */
export function directBlock({ m, n, k }: MatmulProblem, quads: boolean): DirectBlock {
  const quad = quads && n > 8;
  const columns = quad ? Math.min(2, Math.ceil(n / 16)) : Math.min(4, Math.ceil(n / 4));
  const small = m < 256 || m * n * k < LARGE;
  const rows = quad ? (m <= 8 ? 8 : small ? 16 : 32) : small ? 8 : 16;
  return { quad, rows, columns, width: (quad ? 16 : 4) * columns };
}

/** Blocks of a batch entry, before splitting along K. */
export function directBlocks(problem: MatmulProblem, quads: boolean): number {
  const { rows, width } = directBlock(problem, quads);
  return Math.ceil(problem.m / rows) * Math.ceil(problem.n / width);
}

/**
 * Run a product without workgroup memory. B stored transposed, and operands whose rows are no multiple of four, are
 * first copied into the layout the kernel reads; the copy costs a few per mille of the product.
 */
export function runDirect(
  context: Context,
  problem: MatmulProblem,
  operands: MatmulOperands,
  quads: boolean,
  splits: number,
  kPerSplit: number,
): void {
  const { m, n, k, batch, ldc, strideC } = problem;
  context.scope(() => {
    const a = readableA(context, problem, operands);
    const b = readableB(context, problem, operands);
    const { tensors, switches } = bindEpilogue(operands);
    const { quad, rows, columns, width } = directBlock(problem, quads);
    const rowBlocks = Math.ceil(m / rows);
    const columnBlocks = Math.ceil(n / width);
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
          QUAD: quad,
          STEP: quad ? 4 : 1,
          TRANSPOSE_A: problem.transposeA,
          HALF: b.tensor.half,
          K_TAIL: k % 4 !== 0,
          WINDOWS: problem.windows !== undefined,
          C_VECTOR: isAligned(n, ldc, strideC),
        },
      },
      [a.tensor, b.tensor, operands.c, ...tensors],
      {
        ...{ m, n, k, batch, kPerSplit, rowBlocks, columnBlocks, blocks, ldc, strideC },
        ...{ lda: a.ld, strideA: a.stride, ldb: b.ld, strideB: b.stride, alpha: operands.alpha },
        ...problem.windows,
      },
      linearGrid(quad ? blocks * 4 : blocks, WORKGROUP),
      matmulFlops(problem),
    );
    return undefined;
  });
}

/** A with rows of a multiple of four; zeros beyond k make the kernel's last step harmless. */
function readableA(context: Context, problem: MatmulProblem, { a }: MatmulOperands) {
  const { m, k, lda, strideA, transposeA, windows } = problem;
  if (windows) return { tensor: a, ld: lda, stride: 0 };
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
