import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** y ← y + alpha·x on tensors of equal size. Not differentiable: for gradients and optimizers. */
export function addInPlace(context: Context, y: Tensor, x: Tensor, alpha = 1): void {
  if (y.size !== x.size) throw new Error(`addInPlace: sizes differ: [${y.shape}] and [${x.shape}]`);
  context.kernels.elementwise.addInPlace(y.size, { y: y.buffer, x: x.buffer }, alpha);
}
