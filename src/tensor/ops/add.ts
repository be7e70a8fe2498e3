import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { scale } from './scale.ts';

/** a + alpha·b, elementwise; shapes must have the same size. da = dy, db = alpha·dy. */
export function add(context: Context, a: Tensor, b: Tensor, alpha = 1): Tensor {
  if (a.size !== b.size) throw new Error(`add: sizes differ: [${a.shape}] and [${b.shape}]`);
  const y = context.empty(a.shape, 'add');
  context.kernels.elementwise.add(a.size, { a: a.buffer, b: b.buffer, y: y.buffer }, alpha);
  context.record('add', [a, b], y, [], (dy) => [
    a.requiresGrad ? dy : undefined,
    b.requiresGrad ? (alpha === 1 ? dy : scale(context, dy, alpha)) : undefined,
  ]);
  return y;
}
