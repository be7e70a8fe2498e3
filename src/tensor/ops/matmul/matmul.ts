import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { sumColumns } from '../sumColumns.ts';
import { MatmulShapeError } from './errors.ts';
import { gemm } from './gemm.ts';
import { resolveMatmul, type Transposition } from './problem.ts';

/** Options of `matmul`. */
export interface MatmulOptions extends Transposition {
  /** [N], added to every row. */
  bias?: Tensor;
  /** Factor on the product (not on bias and addend); 1 when left out. */
  alpha?: number;
  /** A tensor of the result's size added to it, as a residual connection does. */
  addend?: Tensor;
}

/**
 * alpha · op(a)·op(b) + bias + addend.
 *
 * a [..., M, K] ([..., K, M] with `transposeA`), b [..., K, N] ([..., N, K] with `transposeB`) with the same leading
 * dimensions or none (shared) → [..., M, N]. For untransposed operands da = alpha·dy·bᵀ and db = alpha·aᵀ·dy; in general each
 * gradient is the product that has the operand's shape. dbias sums dy over rows, daddend = dy. Operands that need no
 * gradient cost none, and what only they would have needed is not kept.
 * @throws MatmulShapeError naming both shapes
 */
export function matmul(context: Context, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, bias, addend, alpha = 1 } = options;
  const { problem, outputShape } = resolveMatmul(a, b, options);
  const y = context.empty(outputShape, 'matmul');
  if (bias && bias.size !== problem.n) {
    throw new MatmulShapeError(`matmul: bias [${bias.shape}] does not fit ${problem.n} columns`);
  }
  if (addend && addend.size !== y.size) {
    throw new MatmulShapeError(`matmul: addend [${addend.shape}] does not fit the result [${outputShape}]`);
  }
  gemm(context, problem, { a, b, c: y, bias, addend, alpha });
  const saved: Tensor[] = [];
  if (b.requiresGrad) saved.push(a);
  if (a.requiresGrad) saved.push(b);
  context.record('matmul', [a, b, bias, addend], y, saved, (dy) => [
    a.requiresGrad
      ? transposeA
        ? gradientProduct(context, b, dy, transposeB, true, alpha, a)
        : gradientProduct(context, dy, b, false, !transposeB, alpha, a)
      : undefined,
    b.requiresGrad
      ? transposeB
        ? gradientProduct(context, dy, a, true, transposeA, alpha, b)
        : gradientProduct(context, a, dy, !transposeA, false, alpha, b)
      : undefined,
    bias?.requiresGrad ? sumColumns(context, dy) : undefined,
    addend?.requiresGrad ? dy : undefined,
  ]);
  return y;
}

/** alpha · op(left)·op(right) summed over leading dimensions that `target`, whose gradient it is, does not have. */
function gradientProduct(
  context: Context,
  left: Tensor,
  right: Tensor,
  transposeA: boolean,
  transposeB: boolean,
  alpha: number,
  target: Tensor,
): Tensor {
  const summed = target.shape.length === 2 && left.shape.length > 2 && right.shape.length > 2;
  if (!summed) return matmul(context, left, right, { transposeA, transposeB, alpha });
  if (transposeA && !transposeB) {
    // Σ over the batch of leftᵀ·right is one product along all rows.
    const rows = (tensor: Tensor) => context.reshape(tensor, [tensor.rows, tensor.columns]);
    return matmul(context, rows(left), rows(right), { transposeA, alpha });
  }
  const products = matmul(context, left, right, { transposeA, transposeB, alpha });
  const sum = context.empty(target.shape, 'matmul gradient');
  const shape = { count: sum.size, n: sum.columns, splits: products.size / sum.size };
  context.kernels.matrix.combine(shape, products.buffer, { c: sum.buffer, alpha: 1 });
  return sum;
}
