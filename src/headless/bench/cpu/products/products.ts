import type { CpuBackend } from '../../../../backend/cpu/backend.ts';
import type { GemmProblem } from '../../../../backend/families/matrix.ts';
import { timeRuns } from '../../timing.ts';
import { onCpu } from '../openCpu.ts';
import { SHORT } from '../timing.ts';
import { measurePeak } from './peak.ts';

/** The product of the bar: eight images of the embedded encoder through the first layer of its MLP. */
const [ROWS, WIDE, NARROW] = [2056, 768, 192];
/** Products at once, so that waiting for the end of one does not count. */
const REPEATS = 2;

/** One kind of product. */
export interface ProductRow {
  name: string;
  m: number;
  n: number;
  k: number;
  bestMs: number;
  gflops: number;
}

/** Products on some number of threads, and the most that multiply-adds of 128 bits give there. */
export interface ProductsReport {
  threads: number;
  peakGflops: number;
  rows: ProductRow[];
}

type Case = Pick<GemmProblem, 'm' | 'n' | 'k' | 'transposeA' | 'transposeB'> & {
  name: string;
  /** B is written anew before each product, so it is packed each time. */
  written?: boolean;
};

/** The product of the bar first; then the same as a step has it in other transpositions. */
const CASES: readonly Case[] = [
  { name: 'forward, frozen weight', m: ROWS, n: WIDE, k: NARROW, transposeA: false, transposeB: true },
  {
    ...{ name: 'forward, weight that changes', m: ROWS, n: WIDE, k: NARROW },
    ...{ transposeA: false, transposeB: true, written: true },
  },
  { name: 'input gradient', m: ROWS, n: NARROW, k: WIDE, transposeA: false, transposeB: false },
  {
    ...{ name: 'weight gradient', m: WIDE, n: NARROW, k: ROWS },
    ...{ transposeA: true, transposeB: false, written: true },
  },
];

/** GFLOP/s of the encoder's matrix products on so many threads, beside the peak. */
export function benchProducts({ threads }: { threads: number }): Promise<ProductsReport> {
  return onCpu(threads, async ({ backend }) => {
    const cpu = backend as CpuBackend;
    const rows: ProductRow[] = [];
    for (const item of CASES) rows.push(await measure(cpu, item));
    return { threads, peakGflops: await measurePeak(cpu), rows };
  });
}

async function measure(cpu: CpuBackend, { name, written = false, ...shape }: Case): Promise<ProductRow> {
  const { m, n, k, transposeA, transposeB } = shape;
  const a = uploaded(cpu, m * k);
  const b = uploaded(cpu, k * n);
  const c = cpu.alloc(m * n * 4, 'product');
  const source = written ? uploaded(cpu, 1) : undefined;
  const problem: GemmProblem = {
    ...{ ...shape, batch: 1, strideA: 0, strideB: 0, strideC: 0 },
    ...{ lda: transposeA ? m : k, ldb: transposeB ? k : n, ldc: n },
  };
  const { bestMs } = await timeRuns(async () => {
    for (let i = 0; i < REPEATS; i++) {
      if (source) cpu.copy(source, 0, b, 0, 4);
      cpu.kernels.matrix.gemm(problem, { a, b: { storage: b, half: false }, c, alpha: 1 });
    }
    await cpu.finish();
  }, SHORT);
  for (const storage of [a, b, c, source]) if (storage) cpu.free(storage);
  const ms = bestMs / REPEATS;
  return { name, m, n, k, bestMs: ms, gflops: (2 * m * n * k) / ms / 1e6 };
}

function uploaded(cpu: CpuBackend, count: number) {
  const storage = cpu.alloc(count * 4, 'operand');
  cpu.upload(
    storage,
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.37)),
  );
  return storage;
}
