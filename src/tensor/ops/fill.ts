import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** A new tensor filled with one value. */
export function fill(context: Context, shape: readonly number[], value: number): Tensor {
  const y = context.empty(shape, 'fill');
  context.kernels.elementwise.fill(y.size, y.buffer, value);
  return y;
}
