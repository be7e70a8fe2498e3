import tiled from '../../../../shaders/matmul-tiled.wgsl?raw';
import windows from '../../../../shaders/matmul-windows.wgsl?raw';
import type { GemmOperands, GemmProblem } from '../../families/matrix.ts';
import type { WebGpuBackend } from '../backend.ts';
import { foldGrid } from '../grid.ts';
import type { KernelSource } from '../kernel.ts';
import type { Grid } from '../recorder.ts';
import type { WgslConstants } from '../wgsl.ts';
import { bindEpilogue } from './operands.ts';
import { isAligned, matmulFlops, problemKey } from './problem.ts';
import { type TileShape, tileThreads } from './tiles.ts';

const wgsl = tiled + windows;

/** Run a product with workgroup memory. */
export function runTiled(
  gpu: WebGpuBackend,
  problem: GemmProblem,
  operands: GemmOperands,
  tile: TileShape,
  splits: number,
  kPerSplit: number,
): void {
  const { buffers, switches } = bindEpilogue(operands);
  const { bm, bn, bk, rm, cn } = tile;
  const { BIAS, ADDEND, ACCUMULATE } = switches;
  const key = `${problemKey(problem)},${bm},${bn},${bk},${rm},${cn},${splits},${kPerSplit},${operands.alpha},${operands.b.half},${BIAS},${ADDEND},${ACCUMULATE}`;
  let prepared = preparedOf(gpu);
  let dispatch = prepared.get(key);
  if (!dispatch) {
    if (prepared.size >= MOST_PREPARED) {
      prepared = new Map();
      preparedByBackend.set(gpu, prepared);
    }
    dispatch = prepare(problem, tile, splits, kPerSplit, operands.alpha, {
      ...switches,
      ...tileConstants(problem, tile, operands.b.half),
    });
    prepared.set(key, dispatch);
  }
  const { source, params, grid, flops } = dispatch;
  gpu.run(source, [operands.a, operands.b.storage, operands.c, ...buffers], params, grid, flops);
}

/** Everything of a dispatch but its buffers. */
interface PreparedDispatch {
  source: KernelSource;
  params: Record<string, number>;
  grid: Grid;
  flops: number;
}

/** A step repeats the same few hundred products; past this many they are forgotten and made again. */
const MOST_PREPARED = 4096;

/** Dispatches by problem. A UNet's forward pass has 120 products, and making these objects took longer than the GPU did. */
const preparedByBackend = new WeakMap<WebGpuBackend, Map<string, PreparedDispatch>>();

function preparedOf(gpu: WebGpuBackend): Map<string, PreparedDispatch> {
  const known = preparedByBackend.get(gpu);
  if (known) return known;
  const made = new Map<string, PreparedDispatch>();
  preparedByBackend.set(gpu, made);
  return made;
}

function prepare(
  problem: GemmProblem,
  tile: TileShape,
  splits: number,
  kPerSplit: number,
  alpha: number,
  constants: WgslConstants,
): PreparedDispatch {
  const { m, n, k, batch, lda, ldb, ldc, strideA, strideB, strideC } = problem;
  const rowBlocks = Math.ceil(m / tile.bm);
  const columnBlocks = Math.ceil(n / tile.bn);
  const blocks = rowBlocks * columnBlocks * batch * splits;
  return {
    source: { name: 'matmul-tiled', wgsl, constants },
    params: {
      ...{ m, n, k, batch, lda, ldb, ldc, strideA, strideB, strideC },
      ...{ kPerSplit, rowBlocks, columnBlocks, blocks, alpha },
      ...problem.windows,
    },
    grid: foldGrid(blocks),
    flops: matmulFlops(problem),
  };
}

function tileConstants(problem: GemmProblem, tile: TileShape, half: boolean): WgslConstants {
  const { m, n, k, lda, ldb, ldc, strideA, strideB, strideC, transposeA, transposeB } = problem;
  const { bm, bn, bk, rm, cn } = tile;
  const threads = tileThreads(tile);
  const across = bn / (4 * cn);
  const aVector = problem.windows !== undefined || isAligned(transposeA ? m : k, lda, strideA);
  const bVector = isAligned(transposeB ? k : n, ldb, strideB);
  const cVector = isAligned(n, ldc, strideC);
  return {
    ...{ BM: bm, BN: bn, BK: bk, RM: rm, CN: cn, THREADS: threads, UNROLL: 4 },
    ...{ TX: across, LX: Math.min(8, across), TRANSPOSE_A: transposeA, TRANSPOSE_B: transposeB },
    WINDOWS: problem.windows !== undefined,
    HALF: half,
    ...{ A_VECTOR: aVector, B_VECTOR: bVector, C_VECTOR: cVector },
    ...{ A_ITEM: item(aVector), B_ITEM: half ? 'vec2u' : item(bVector), C_ITEM: item(cVector) },
    ...prefixed('A', loads(bm, bk, threads, !transposeA)),
    ...prefixed('B', loads(bn, bk, threads, transposeB)),
  };
}

/** How a slice of `wide` × bk is shared out: as single vec4s, or as 4×4 blocks that are turned on the way. */
function loads(wide: number, bk: number, threads: number, turned: boolean) {
  const total = (wide * bk) / (turned ? 16 : 4);
  const count = Math.ceil(total / threads);
  return {
    TOTAL: total,
    LOADS: count,
    PARTIAL: total % threads !== 0,
    HELD: turned ? 4 * count : count,
    WIDE: Math.min(8, wide / 4),
  };
}

function prefixed(prefix: string, constants: WgslConstants): WgslConstants {
  return Object.fromEntries(
    Object.entries(constants).map(([name, value]) => [`${prefix}_${name}`, value] as const),
  );
}

function item(vector: boolean): string {
  return vector ? 'vec4f' : 'f32';
}
