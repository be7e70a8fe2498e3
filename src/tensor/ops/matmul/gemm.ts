import wgsl from '../../../../shaders/matmul-combine.wgsl?raw';
import { linearGrid } from '../../../backend/webgpu/grid.ts';
import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { runDirect } from './direct.ts';
import { bindEpilogue, type MatmulOperands } from './operands.ts';
import { type MatmulPlan, planMatmul } from './plan.ts';
import type { MatmulProblem } from './problem.ts';
import { runTiled } from './tiled.ts';

/**
 * C = alpha · op(A)·op(B) + bias + addend into memory that exists, on any layout a `MatmulProblem` can say. Not on the
 * tape: ops that need a gradient call `matmul`, or record their own.
 */
export function gemm(
  context: Context,
  problem: MatmulProblem,
  operands: MatmulOperands,
  plan: MatmulPlan = planMatmul(context, problem),
): void {
  if (plan.splits === 1) {
    runVariant(context, problem, operands, plan);
    return;
  }
  const { m, n, batch } = problem;
  context.scope(() => {
    const partial = context.empty([plan.splits, batch, m, n], 'partial products');
    const parts = { a: operands.a, b: operands.b, c: partial, alpha: 1 };
    runVariant(context, { ...problem, strideC: m * n }, parts, plan);
    combine(context, partial, operands, n, plan.splits);
    return undefined;
  });
}

function runVariant(
  context: Context,
  problem: MatmulProblem,
  operands: MatmulOperands,
  { variant, splits, kPerSplit }: MatmulPlan,
): void {
  if (variant.kind === 'direct') runDirect(context, problem, operands, variant.quads, splits, kPerSplit);
  else runTiled(context, problem, operands, variant.tile, splits, kPerSplit);
}

/** Add the partial results [splits, ...] of a product split along K, with its epilogue. */
export function combine(
  context: Context,
  partial: Tensor,
  epilogue: Pick<MatmulOperands, 'c' | 'bias' | 'addend' | 'alpha'>,
  n: number,
  splits: number,
): void {
  const width = n % 4 === 0 ? 4 : 1;
  const count = partial.size / splits / width;
  const { tensors, switches } = bindEpilogue(epilogue);
  context.run(
    { name: 'matmul-combine', wgsl, constants: { ...switches, ITEM: width === 4 ? 'vec4f' : 'f32' } },
    [partial, epilogue.c, ...tensors],
    { count, columns: n / width, splits, alpha: epilogue.alpha },
    linearGrid(count, 64),
    partial.size,
  );
}
