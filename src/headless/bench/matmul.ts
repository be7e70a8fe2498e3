import type { WebGpuBackend } from '../../backend/webgpu/backend.ts';
import { planMatmul } from '../../backend/webgpu/matmul/plan.ts';
import type { Context } from '../../tensor/context.ts';
import { matmul } from '../../tensor/ops/matmul/matmul.ts';
import { resolveMatmul } from '../../tensor/ops/matmul/problem.ts';

/** One line of the table: the best of several runs. */
export interface MatmulRow {
  name: string;
  m: number;
  n: number;
  k: number;
  /** Kernel that was chosen, as `direct` or the tile's rows × columns. */
  kernel: string;
  ms: number;
  gflops: number;
  /** Of the best rate in the table. */
  share: number;
}

/** A product of a training step: op(A) is m × k, op(B) k × n. */
interface Case {
  name: string;
  m: number;
  n: number;
  k: number;
  transposeA?: boolean;
  transposeB?: boolean;
}

/** Rank of the LoRA products. */
const RANK = 16;

/** Milliseconds to spend on a case after it is compiled; at least two runs. */
const CASE_MS = 400;

/**
 * GFLOP/s of every kind of matrix product in a LoRA step of a ViT. On GPUs DINOv2-S at 224 px with 48 images, and a
 * square of 4096, which shows the best the adapter gives; on software adapters the embedded encoder with 4 images.
 */
export async function benchMatmul(context: Context): Promise<MatmulRow[]> {
  const { software } = context.gpu.adapter;
  const cases = software ? vitCases(4 * 257, 192) : [...vitCases(48 * 257, 384), square(4096)];
  const rows: MatmulRow[] = [];
  for (const item of cases) rows.push(await measure(context, item));
  const best = Math.max(...rows.map(({ gflops }) => gflops));
  return rows.map((row) => ({ ...row, share: row.gflops / best }));
}

/** Products of one block of width d over `rows` tokens. */
function vitCases(rows: number, d: number): Case[] {
  return [
    { name: 'qkv forward', m: rows, n: 3 * d, k: d, transposeB: true },
    { name: 'attention output forward', m: rows, n: d, k: d, transposeB: true },
    { name: 'fc1 forward', m: rows, n: 4 * d, k: d, transposeB: true },
    { name: 'fc2 forward', m: rows, n: d, k: 4 * d, transposeB: true },
    { name: 'fc1 input gradient', m: rows, n: d, k: 4 * d },
    { name: 'fc2 input gradient', m: rows, n: 4 * d, k: d },
    { name: 'qkv weight gradient', m: 3 * d, n: d, k: rows, transposeA: true },
    { name: 'LoRA down', m: rows, n: RANK, k: d, transposeB: true },
    { name: 'LoRA up', m: rows, n: 3 * d, k: RANK, transposeB: true },
    { name: 'LoRA A gradient', m: RANK, n: d, k: rows, transposeA: true },
    { name: 'LoRA B gradient', m: 3 * d, n: RANK, k: rows, transposeA: true },
  ];
}

function square(side: number): Case {
  return { name: `square ${side}`, m: side, n: side, k: side };
}

async function measure(
  context: Context,
  { name, m, n, k, transposeA = false, transposeB = false }: Case,
): Promise<MatmulRow> {
  const waves = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.37));
  const a = context.fromArray(waves(m * k), transposeA ? [k, m] : [m, k]);
  const b = context.fromArray(waves(k * n), transposeB ? [n, k] : [k, n]);
  const time = async (repeats: number): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) matmul(context, a, b, { transposeA, transposeB }).release();
    await context.finish();
    return (performance.now() - start) / repeats;
  };
  await time(1);
  const once = await time(1);
  // Ten milliseconds at once, so that waiting for the GPU does not count.
  const repeats = Math.max(1, Math.min(100, Math.floor(10 / once)));
  let ms = once;
  const end = performance.now() + CASE_MS;
  do {
    ms = Math.min(ms, await time(repeats));
  } while (performance.now() < end);
  const { problem } = resolveMatmul(a, b, { transposeA, transposeB });
  const { variant } = planMatmul(context.backend as WebGpuBackend, problem);
  a.release();
  b.release();
  const kernel = variant.kind === 'direct' ? 'direct' : `${variant.tile.bm}×${variant.tile.bn}`;
  return { name, m, n, k, kernel, ms, gflops: (2 * m * n * k) / ms / 1e6, share: 0 };
}
