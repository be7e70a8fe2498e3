import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { runElementwise } from './elementwise.ts';

/** y ← y + alpha·x on tensors of equal size. Not differentiable: for gradients and optimizers. */
export function addInPlace(context: Context, y: Tensor, x: Tensor, alpha = 1): void {
  runElementwise(context, 'addInPlace', [y, x], alpha);
}
