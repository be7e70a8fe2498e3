import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { runElementwise } from './elementwise.ts';
import { scale } from './scale.ts';

/** a + alpha·b, elementwise; shapes must have the same size. da = dy, db = alpha·dy. */
export function add(context: Context, a: Tensor, b: Tensor, alpha = 1): Tensor {
  const y = context.empty(a.shape, 'add');
  runElementwise(context, 'add', [a, b, y], alpha);
  context.record('add', [a, b], y, [], (dy) => [
    a.requiresGrad ? dy : undefined,
    b.requiresGrad ? (alpha === 1 ? dy : scale(context, dy, alpha)) : undefined,
  ]);
  return y;
}
