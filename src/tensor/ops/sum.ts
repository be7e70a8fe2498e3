import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { reduceAll, spread } from './reduce.ts';

/** Σ x over all elements, as a scalar [1]. dx = dy everywhere. */
export function sum(context: Context, x: Tensor): Tensor {
  return scaledSum(context, x, 1, 'sum');
}

/** Mean of all elements, as a scalar [1]. dx = dy / size. */
export function mean(context: Context, x: Tensor): Tensor {
  return scaledSum(context, x, 1 / x.size, 'mean');
}

/** Σ x² over all elements, as a scalar [1]. dx = 2x · dy. */
export function sumOfSquares(context: Context, x: Tensor): Tensor {
  const y = reduceAll(context, x, { squares: true });
  context.record('sumOfSquares', [x], y, [x], (dy) => [spread(context, dy, x.shape, 'all', 1, x)]);
  return y;
}

function scaledSum(context: Context, x: Tensor, factor: number, name: string): Tensor {
  const y = reduceAll(context, x, { factor });
  context.record(name, [x], y, [], (dy) => [spread(context, dy, x.shape, 'all', factor)]);
  return y;
}
