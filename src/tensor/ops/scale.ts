import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { runElementwise } from './elementwise.ts';

/** alpha·x for a constant alpha. dx = alpha·dy. */
export function scale(context: Context, x: Tensor, alpha: number): Tensor {
  const y = context.empty(x.shape, 'scale');
  runElementwise(context, 'scale', [x, y], alpha);
  context.record('scale', [x], y, [], (dy) => [scale(context, dy, alpha)]);
  return y;
}
