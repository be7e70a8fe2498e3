import direct from '../../../../shaders/matmul-direct.wgsl?raw';
import windows from '../../../../shaders/matmul-windows.wgsl?raw';
import type { Operand, Storage } from '../../backend.ts';
import type { GemmOperands, GemmProblem, MatrixLayout } from '../../families/matrix.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';
import { bindEpilogue } from './operands.ts';
import { isAligned, matmulFlops } from './problem.ts';
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
export function directBlock({ m, n, k }: GemmProblem, quads: boolean): DirectBlock {
  const quad = quads && n > 8;
  const columns = quad ? Math.min(2, Math.ceil(n / 16)) : Math.min(4, Math.ceil(n / 4));
  const small = m < 256 || m * n * k < LARGE;
  const rows = quad ? (m <= 8 ? 8 : small ? 16 : 32) : small ? 8 : 16;
  return { quad, rows, columns, width: (quad ? 16 : 4) * columns };
}

/** Blocks of a batch entry, before splitting along K. */
export function directBlocks(problem: GemmProblem, quads: boolean): number {
  const { rows, width } = directBlock(problem, quads);
  return Math.ceil(problem.m / rows) * Math.ceil(problem.n / width);
}

/**
 * Run a product without workgroup memory. B stored transposed, and operands whose rows are no multiple of four, are
 * first copied into the layout the kernel reads; the copy costs a few per mille of the product.
 */
export function runDirect(
  gpu: WebGpuBackend,
  problem: GemmProblem,
  operands: GemmOperands,
  quads: boolean,
  splits: number,
  kPerSplit: number,
): void {
  const { m, n, k, batch, ldc, strideC } = problem;
  const copies: Storage[] = [];
  try {
    const a = readableA(gpu, problem, operands, copies);
    const b = readableB(gpu, problem, operands, copies);
    const { buffers, switches } = bindEpilogue(operands);
    const { quad, rows, columns, width } = directBlock(problem, quads);
    const rowBlocks = Math.ceil(m / rows);
    const columnBlocks = Math.ceil(n / width);
    const blocks = rowBlocks * columnBlocks * batch * splits;
    gpu.run(
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
          HALF: b.half,
          K_TAIL: k % 4 !== 0,
          WINDOWS: problem.windows !== undefined,
          C_VECTOR: isAligned(n, ldc, strideC),
        },
      },
      [a.storage, b.storage, operands.c, ...buffers],
      {
        ...{ m, n, k, batch, kPerSplit, rowBlocks, columnBlocks, blocks, ldc, strideC },
        ...{ lda: a.ld, strideA: a.stride, ldb: b.ld, strideB: b.stride, alpha: operands.alpha },
        ...problem.windows,
      },
      linearGrid(quad ? blocks * 4 : blocks, WORKGROUP),
      matmulFlops(problem),
    );
  } finally {
    for (const copy of copies) gpu.free(copy);
  }
}

/** An operand in a layout that the kernel reads. */
interface Readable extends Operand {
  ld: number;
  stride: number;
}

/** A with rows of a multiple of four; zeros beyond k make the kernel's last step harmless. */
function readableA(
  gpu: WebGpuBackend,
  problem: GemmProblem,
  { a }: GemmOperands,
  copies: Storage[],
): Readable {
  const { m, k, lda, strideA, transposeA, windows } = problem;
  const x = { storage: a, half: false };
  if (windows) return { ...x, ld: lda, stride: 0 };
  const [rows, columns] = transposeA ? [k, m] : [m, k];
  if (isAligned(columns, lda, strideA)) return { ...x, ld: lda, stride: strideA };
  const layout = { batch: strideA ? problem.batch : 1, rows, columns, ld: lda, stride: strideA };
  return copied(gpu, x, layout, false, copies);
}

/** B as [k, n] with rows of a multiple of four. */
function readableB(
  gpu: WebGpuBackend,
  problem: GemmProblem,
  { b }: GemmOperands,
  copies: Storage[],
): Readable {
  const { n, k, ldb, strideB, transposeB } = problem;
  if (!transposeB && isAligned(n, ldb, strideB)) return { ...b, ld: ldb, stride: strideB };
  const [rows, columns] = transposeB ? [n, k] : [k, n];
  const layout = { batch: strideB ? problem.batch : 1, rows, columns, ld: ldb, stride: strideB };
  return copied(gpu, b, layout, transposeB, copies);
}

/** A dense copy with rows of a multiple of four, added to `copies`. */
function copied(
  gpu: WebGpuBackend,
  x: Operand,
  layout: MatrixLayout,
  transpose: boolean,
  copies: Storage[],
): Readable {
  const { batch, rows, columns, stride } = layout;
  const [outRows, used] = transpose ? [columns, rows] : [rows, columns];
  const outColumns = Math.ceil(used / 4) * 4;
  const storage = gpu.alloc(batch * outRows * outColumns * 4, 'rearranged');
  copies.push(storage);
  rearrange(gpu, { ...layout, transpose, outColumns }, x, storage);
  return { storage, half: false, ld: outColumns, stride: stride ? outRows * outColumns : 0 };
}
