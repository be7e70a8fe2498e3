import type { GemmOperands, GemmProblem } from '../../families/matrix.ts';
import type { WebGpuBackend } from '../backend.ts';
import { combine } from './combine.ts';
import { runDirect } from './direct.ts';
import { type MatmulPlan, planMatmul } from './plan.ts';
import { rearrange } from './rearrange.ts';
import { runTiled } from './tiled.ts';

/** C = alpha · op(A)·op(B) + bias + addend, by the kernel and the split along K that fit the adapter. */
export function gemm(gpu: WebGpuBackend, problem: GemmProblem, operands: GemmOperands): void {
  const { stackB, ...plain } = problem;
  if (stackB === undefined) gemmByPlan(gpu, problem, operands, planMatmul(gpu, problem));
  else stacked(gpu, plain, stackB, operands);
}

/** The same by a given plan, without `stackB`. */
export function gemmByPlan(
  gpu: WebGpuBackend,
  problem: GemmProblem,
  operands: GemmOperands,
  plan: MatmulPlan,
): void {
  if (plan.splits === 1) {
    runVariant(gpu, problem, operands, plan);
    return;
  }
  const { m, n, batch } = problem;
  const { splits } = plan;
  const count = batch * m * n;
  gpu.scratch(splits * count * 4, 'partial products', (partial) => {
    const parts = { a: operands.a, b: operands.b, c: partial, alpha: 1 };
    runVariant(gpu, { ...problem, strideC: m * n }, parts, plan);
    combine(gpu, { count, n, splits }, partial, operands);
  });
}

/** B as a stack of transposed matrices is first turned into one matrix [k, n]. */
function stacked(gpu: WebGpuBackend, problem: GemmProblem, stackB: number, operands: GemmOperands): void {
  const { n, k, ldb } = problem;
  const columns = k / stackB;
  const outColumns = Math.ceil(n / 4) * 4;
  const layout = { batch: stackB, rows: n, columns, ld: ldb, stride: n * ldb };
  gpu.scratch(k * outColumns * 4, 'rearranged', (turned) => {
    rearrange(gpu, { ...layout, transpose: true, outColumns }, operands.b, turned);
    const flat = { ...problem, ldb: outColumns, strideB: 0, transposeB: false };
    gemmByPlan(gpu, flat, { ...operands, b: { storage: turned, half: false } }, planMatmul(gpu, flat));
  });
}

function runVariant(
  gpu: WebGpuBackend,
  problem: GemmProblem,
  operands: GemmOperands,
  { variant, splits, kPerSplit }: MatmulPlan,
): void {
  if (variant.kind === 'direct') runDirect(gpu, problem, operands, variant.quads, splits, kPerSplit);
  else runTiled(gpu, problem, operands, variant.tile, splits, kPerSplit);
}
