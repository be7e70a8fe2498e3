import type { StridedSum } from '../../backend/families/rows.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** A new tensor of `shape` (outer·width numbers) with a strided sum of x, added in the order of t. Not recorded. */
export function stridedSum(context: Context, x: Tensor, sum: StridedSum, shape: readonly number[]): Tensor {
  const y = context.empty(shape, 'sum');
  context.kernels.rows.sum(sum, { x: x.buffer, y: y.buffer });
  return y;
}
