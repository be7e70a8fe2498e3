import type { GemmProblem } from '../../../backend/families/matrix.ts';
import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';

/** What a product reads and writes. */
export interface MatmulOperands {
  a: Tensor;
  /** May be f16, with rows and strides of a multiple of four. */
  b: Tensor;
  c: Tensor;
  /** [N], added to every row. */
  bias?: Tensor | undefined;
  /** Laid out like C, added to it; C itself to accumulate in place. */
  addend?: Tensor | undefined;
  /** Factor on the product, before bias and addend. */
  alpha: number;
}

/**
 * C = alpha · op(A)·op(B) + bias + addend into memory that exists, on any layout a `GemmProblem` can say. Not on the
 * tape: ops that need a gradient call `matmul`, or record their own.
 */
export function gemm(
  context: Context,
  problem: GemmProblem,
  { a, b, c, bias, addend, alpha }: MatmulOperands,
): void {
  context.kernels.matrix.gemm(problem, {
    ...{ a: a.buffer, b: b.operand, c: c.buffer },
    ...{ bias: bias?.buffer, addend: addend?.buffer, alpha },
  });
}
