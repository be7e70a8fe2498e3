import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { runElementwise } from './elementwise.ts';

/** A new tensor filled with one value. */
export function fill(context: Context, shape: readonly number[], value: number): Tensor {
  const y = context.empty(shape, 'fill');
  runElementwise(context, 'fill', [y], value);
  return y;
}
