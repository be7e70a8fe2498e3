import type { Backend } from '../backend.ts';
import type { GemmProblem } from '../families/matrix.ts';

/** The product x·Wᵀ that backends are compared by: eight images of the built-in encoder through its MLP's first layer. */
const [ROWS, COLUMNS, INNER] = [2056, 768, 192];
/** Rows of one image: measured first, and alone where more would take too long. */
const FEW_ROWS = 257;
/** Milliseconds that a run of few rows may take for the whole product to be measured. */
const QUICK_MS = 10;
/** Milliseconds of work to time at once, long against waiting for a device; and of all timed runs. */
const BATCH_MS = 10;
const BUDGET_MS = 80;
const MOST_REPEATS = 64;

/**
 * GFLOP/s of one encoder-like matrix product, the best of some runs. Takes less than 300 ms on anything faster than a software
 * adapter.
 */
export async function measureSpeed(backend: Backend, now = () => performance.now()): Promise<number> {
  const a = backend.alloc(ROWS * INNER * 4, 'speed');
  const b = backend.alloc(COLUMNS * INNER * 4, 'speed');
  const c = backend.alloc(ROWS * COLUMNS * 4, 'speed');
  const time = async (m: number, repeats: number): Promise<number> => {
    const start = now();
    for (let i = 0; i < repeats; i++)
      backend.kernels.matrix.gemm(problem(m), { a, b: { storage: b, half: false }, c, alpha: 1 });
    await backend.finish();
    return (now() - start) / repeats;
  };
  const rate = (m: number, ms: number) => (2 * m * COLUMNS * INNER) / Math.max(ms, 1e-3) / 1e6;
  try {
    backend.clear(a, ROWS * INNER * 4);
    backend.clear(b, COLUMNS * INNER * 4);
    // The first run compiles.
    await time(FEW_ROWS, 1);
    let few = await time(FEW_ROWS, 1);
    // The better of two: another program may have had the processor.
    if (few > QUICK_MS) few = Math.min(few, await time(FEW_ROWS, 1));
    if (few > QUICK_MS) return rate(FEW_ROWS, few);
    await time(ROWS, 1);
    const end = now() + BUDGET_MS;
    let best = await time(ROWS, 1);
    do {
      const repeats = Math.ceil(BATCH_MS / Math.max(best, 1e-3));
      best = Math.min(best, await time(ROWS, Math.min(MOST_REPEATS, repeats)));
    } while (now() < end);
    return rate(ROWS, best);
  } finally {
    for (const storage of [a, b, c]) backend.free(storage);
  }
}

function problem(m: number): GemmProblem {
  return {
    ...{ m, n: COLUMNS, k: INNER, batch: 1, transposeA: false, transposeB: true },
    ...{ lda: INNER, ldb: INNER, ldc: COLUMNS, strideA: 0, strideB: 0, strideC: 0 },
  };
}
