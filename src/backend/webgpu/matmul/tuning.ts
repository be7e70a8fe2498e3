import type { GemmProblem } from '../../families/matrix.ts';
import type { WebGpuBackend } from '../backend.ts';
import { adapterKey, type TuneStore, tune } from '../tune.ts';
import { gemmByPlan } from './gemm.ts';
import { type MatmulPlan, setTileRates, type TileRates } from './plan.ts';
import { WIDE_TILES, type WideTileName } from './tiles.ts';

/** Part of the stored key: raise it when a kernel changes enough to be measured anew. */
const VERSION = 1;

/** A product of a ViT's kind (x·Wᵀ) whose sides every tile divides and that fills large GPUs; 4.8 GFLOP. */
const SHAPE = { m: 8192, n: 1536, k: 192 };

/** Options of `tuneMatmul`. */
export interface TuneMatmulOptions {
  store?: TuneStore;
  /** Most milliseconds before the last candidate is started. */
  budgetMs?: number;
  shape?: { m: number; n: number; k: number };
}

/**
 * Measure the tile shapes on this adapter, or take earlier measurements from the store, and choose by them from now on.
 * Call it once after the device was made. Software adapters use the direct kernel: nothing to measure there unless
 * asked for by `shape`.
 * @returns GFLOP/s by tile; empty when nothing was measured
 */
export async function tuneMatmul(
  gpu: WebGpuBackend,
  { store, budgetMs, shape }: TuneMatmulOptions = {},
): Promise<TileRates> {
  if (gpu.adapter.software && !shape) return {};
  const { m, n, k } = shape ?? SHAPE;
  const problem: GemmProblem = {
    ...{ m, n, k, batch: 1, transposeA: false, transposeB: true, lda: k, ldb: k, ldc: n },
    ...{ strideA: 0, strideB: 0, strideC: m * n },
  };
  const a = gpu.alloc(m * k * 4, 'tuning');
  const b = gpu.alloc(n * k * 4, 'tuning');
  const c = gpu.alloc(m * n * 4, 'tuning');
  gpu.clear(a, m * k * 4);
  gpu.clear(b, n * k * 4);
  const operands = { a, b: { storage: b, half: false }, c, alpha: 1 };
  try {
    const times = await tune({
      key: `matmul/${VERSION}/${m}x${n}x${k}/${adapterKey(gpu.adapter)}`,
      candidates: Object.entries(WIDE_TILES).map(([name, tile]) => {
        const plan: MatmulPlan = { variant: { kind: 'tiled', tile }, splits: 1, kPerSplit: k };
        return { name, run: () => gemmByPlan(gpu, problem, operands, plan) };
      }),
      store,
      budgetMs,
      finish: () => gpu.finish(),
    });
    const rates: TileRates = {};
    for (const [name, ms] of Object.entries(times)) rates[name as WideTileName] = (2 * m * n * k) / ms / 1e6;
    setTileRates(gpu, rates);
    return rates;
  } finally {
    for (const storage of [a, b, c]) gpu.free(storage);
  }
}
