import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** How `reduceAll` sums. */
export interface ReduceOptions {
  /** Sum x² instead of x. */
  squares?: boolean;
  /** Factor on the result. */
  factor?: number;
}

/** factor · Σ x (or Σ x²) as a scalar [1]; the same bits every time. Not on the tape: for ops and optimizers. */
export function reduceAll(
  context: Context,
  x: Tensor,
  { squares = false, factor = 1 }: ReduceOptions = {},
): Tensor {
  const y = context.empty([1], 'sum');
  context.kernels.reduce.all({ count: x.size, squares, factor }, { x: x.buffer, y: y.buffer });
  return y;
}

/**
 * Gradient of a sum at its input [R, C]: dx = factor · dy of the element's sum, times 2x for sums of squares.
 * @param over what was summed: all elements (dy [1]), each row (dy [R]) or each column (dy [C])
 * @param squared the input, for a sum of squares
 */
export function spread(
  context: Context,
  dy: Tensor,
  shape: readonly number[],
  over: 'all' | 'rows' | 'columns',
  factor = 1,
  squared?: Tensor,
): Tensor {
  const dx = context.empty(shape, 'sum gradient');
  context.kernels.reduce.spread(
    { count: dx.size, columns: dx.columns, over, factor },
    { dy: dy.buffer, dx: dx.buffer, squared: squared?.buffer },
  );
  return dx;
}
