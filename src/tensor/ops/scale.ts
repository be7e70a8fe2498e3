import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** alpha·x for a constant alpha. dx = alpha·dy. */
export function scale(context: Context, x: Tensor, alpha: number): Tensor {
  const y = context.empty(x.shape, 'scale');
  context.kernels.elementwise.scale(x.size, { x: x.buffer, y: y.buffer }, alpha);
  context.record('scale', [x], y, [], (dy) => [scale(context, dy, alpha)]);
  return y;
}
