import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Exact (erf) GELU, elementwise, any shape: y = x Φ(x) (Hendrycks and Gimpel, arXiv 1606.08415, equation 1).
 * dx = dy (Φ(x) + x φ(x)), φ the normal density; recomputed from x.
 */
export function gelu(context: Context, x: Tensor): Tensor {
  const y = context.empty(x.shape, 'gelu');
  context.kernels.gelu.forward(x.size, { x: x.buffer, y: y.buffer });
  context.record('gelu', [x], y, [x], (dy) => {
    const dx = context.empty(x.shape, 'gelu gradient');
    context.kernels.gelu.backward(x.size, { x: x.buffer, dy: dy.buffer, dx: dx.buffer });
    return [dx];
  });
  return y;
}
