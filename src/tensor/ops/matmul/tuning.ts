import { adapterKey, type TuneStore, tune } from '../../../backend/webgpu/tune.ts';
import type { Context } from '../../context.ts';
import { gemm } from './gemm.ts';
import { setTileRates, type TileRates } from './plan.ts';
import { resolveMatmul } from './problem.ts';
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
  context: Context,
  { store, budgetMs, shape }: TuneMatmulOptions = {},
): Promise<TileRates> {
  if (context.gpu.adapter.software && !shape) return {};
  const { m, n, k } = shape ?? SHAPE;
  const a = context.zeros([m, k], 'tuning');
  const b = context.zeros([n, k], 'tuning');
  const c = context.empty([m, n], 'tuning');
  try {
    const { problem } = resolveMatmul(a, b, { transposeB: true });
    const times = await tune({
      key: `matmul/${VERSION}/${m}x${n}x${k}/${adapterKey(context.gpu.adapter)}`,
      candidates: Object.entries(WIDE_TILES).map(([name, tile]) => ({
        name,
        run: () =>
          gemm(
            context,
            problem,
            { a, b, c, alpha: 1 },
            {
              variant: { kind: 'tiled', tile },
              splits: 1,
              kPerSplit: k,
            },
          ),
      })),
      store,
      budgetMs,
      finish: () => context.finish(),
    });
    const rates: TileRates = {};
    for (const [name, ms] of Object.entries(times)) rates[name as WideTileName] = (2 * m * n * k) / ms / 1e6;
    setTileRates(context, rates);
    return rates;
  } finally {
    for (const tensor of [a, b, c]) tensor.release();
  }
}
