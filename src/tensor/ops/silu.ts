import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** SiLU, elementwise, any shape: y = x·σ(x). dx = dy·σ(x)(1 + x(1 − σ(x))), recomputed from x. */
export function silu(context: Context, x: Tensor): Tensor {
  const y = context.empty(x.shape, 'silu');
  context.kernels.silu.forward(x.size, { x: x.buffer, y: y.buffer });
  context.record('silu', [x], y, [x], (dy) => {
    const dx = context.empty(x.shape, 'silu gradient');
    context.kernels.silu.backward(x.size, { x: x.buffer, dy: dy.buffer, dx: dx.buffer });
    return [dx];
  });
  return y;
}
