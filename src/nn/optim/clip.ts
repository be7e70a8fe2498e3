import type { Context } from '../../tensor/context.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { gradientOf, type NamedParameters } from './parameters.ts';

/**
 * Multiply all gradients by min(1, maxNorm / (‖g‖ + 1e-6)), ‖g‖ being the Euclidean norm of all of them together, as
 * PyTorch's `clip_grad_norm_` does. Nothing is read back: the norm goes from kernel to kernel.
 * @returns the norm before clipping, a scalar [1] on the device (for a `ScalarLog`)
 * @throws MissingGradientError naming a parameter without a gradient
 */
export function clipGradients(context: Context, parameters: NamedParameters, maxNorm: number): Tensor {
  const gradients = Object.entries(parameters).map(([name, parameter]) => {
    const { size, buffer } = gradientOf(name, parameter);
    return { size, storage: buffer };
  });
  return context.scope(() => {
    const norm = context.empty([2], 'gradient norm and factor');
    context.kernels.optimizer.clip(maxNorm, gradients, norm.buffer);
    const result = context.empty([1], 'gradient norm');
    context.copy(norm, 0, result, 0, 1);
    return result;
  });
}
