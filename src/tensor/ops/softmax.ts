import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Softmax over the last axis, of any width: y = exp(x − max) / Σ exp(x − max).
 * dx = y (dy − Σ y·dy), from the saved y.
 * @param x [.., C]
 */
export function softmax(context: Context, x: Tensor): Tensor {
  const { rows, columns } = x;
  const y = context.empty(x.shape, 'softmax');
  context.kernels.softmax.forward({ rows, columns }, { x: x.buffer, y: y.buffer });
  context.record('softmax', [x], y, [y], (dy) => {
    const dx = context.empty(x.shape, 'softmax gradient');
    const operands = { y: y.buffer, dy: dy.buffer, dx: dx.buffer };
    context.kernels.softmax.backward({ rows, columns }, operands);
    return [dx];
  });
  return y;
}
