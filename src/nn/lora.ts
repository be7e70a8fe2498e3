import type { Context } from '../tensor/context.ts';
import { applyDropout, type DropoutKey } from '../tensor/ops/dropout.ts';
import { gemm } from '../tensor/ops/matmul/gemm.ts';
import { matmul } from '../tensor/ops/matmul/matmul.ts';
import { resolveMatmul } from '../tensor/ops/matmul/problem.ts';
import { sumColumns } from '../tensor/ops/sumColumns.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { loraProblems } from './loraProblems.ts';
import type { LoraWeights } from './loraWeights.ts';

/** A linear layer with a low-rank update. */
export interface LoraLinearInputs {
  /** [..., in] */
  x: Tensor;
  /** [out, in] */
  weight: Tensor;
  /** [out] */
  bias?: Tensor;
  lora: LoraWeights;
  /** Dropout on the input of A; leave out when evaluating. */
  dropout?: DropoutKey & { p: number };
}

/**
 * y = x·Wᵀ + b + scale · dropout(x)·Aᵀ·Bᵀ, [..., out] (Hu et al., "LoRA", 2021; dropout as in peft).
 *
 * With h = dropout(x)·Aᵀ and t = scale · dy·B: dB = scale · dyᵀ·h, dA = tᵀ·dropout(x), dx = dy·W + dropout(t·A),
 * dW = dyᵀ·x, db = Σ dy. Only x and h are kept; the dropout is drawn again on the way back. Frozen inputs get no
 * gradient.
 * @throws LoraShapeError
 */
export function loraLinear(context: Context, { x, weight, bias, lora, dropout }: LoraLinearInputs): Tensor {
  const { a, b, scale } = lora;
  const problems = loraProblems(x, weight, lora);
  const drop = (tensor: Tensor): Tensor =>
    dropout ? applyDropout(context, tensor, dropout.p, dropout) : tensor;

  return context.scope(() => {
    const { problem, outputShape } = resolveMatmul(x, weight, { transposeB: true });
    const y = context.empty(outputShape, 'lora linear');
    const h = context.empty([x.rows, a.shape[0]!], 'lora hidden');
    gemm(context, problem, { a: x, b: weight, c: y, bias, alpha: 1 });
    gemm(context, problems.down, { a: drop(x), b: a, c: h, alpha: 1 });
    gemm(context, problems.up, { a: h, b, c: y, addend: y, alpha: scale });
    context.record('loraLinear', [x, weight, bias, a, b], y, [x, weight, a, b, h], (dy) => {
      const t = context.empty(h.shape, 'lora hidden gradient');
      gemm(context, problems.upInput, { a: dy, b, c: t, alpha: scale });
      const dx = (): Tensor => {
        const through = context.empty(x.shape, 'lora input gradient');
        gemm(context, problems.downInput, { a: t, b: a, c: through, alpha: 1 });
        const sum = drop(through);
        const { problem } = resolveMatmul(dy, weight, {});
        gemm(context, problem, { a: dy, b: weight, c: sum, addend: sum, alpha: 1 });
        return sum;
      };
      const da = (): Tensor => {
        const gradient = context.empty(a.shape, 'lora A gradient');
        gemm(context, problems.downWeight, { a: t, b: drop(x), c: gradient, alpha: 1 });
        return gradient;
      };
      const db = (): Tensor => {
        const gradient = context.empty(b.shape, 'lora B gradient');
        gemm(context, problems.upWeight, { a: dy, b: h, c: gradient, alpha: scale });
        return gradient;
      };
      return [
        x.requiresGrad ? dx() : undefined,
        weight.requiresGrad
          ? matmul(context, rowsOf(context, dy), rowsOf(context, x), { transposeA: true })
          : undefined,
        bias?.requiresGrad ? sumColumns(context, dy) : undefined,
        a.requiresGrad ? da() : undefined,
        b.requiresGrad ? db() : undefined,
      ];
    });
    return y;
  });
}

function rowsOf(context: Context, tensor: Tensor): Tensor {
  return context.reshape(tensor, [tensor.rows, tensor.columns]);
}
