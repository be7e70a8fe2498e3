import type { Tensor } from '../../tensor/tensor.ts';
import { MissingGradientError } from './errors.ts';

/** Trainable tensors by name; the names tell checkpoints and messages which is which. */
export type NamedParameters = Readonly<Record<string, Tensor>>;

/**
 * The gradient of a parameter.
 * @throws MissingGradientError naming the parameter
 */
export function gradientOf(name: string, parameter: Tensor): Tensor {
  if (!parameter.grad) {
    throw new MissingGradientError(
      `${name} has no gradient. Run a backward pass in which it takes part, or leave it out of the optimizer.`,
    );
  }
  return parameter.grad;
}

/** Forget all gradients; the next backward pass makes new ones. */
export function zeroGrad(parameters: NamedParameters): void {
  for (const parameter of Object.values(parameters)) {
    parameter.grad?.release();
    parameter.grad = undefined;
  }
}

/** Cut a list into runs of at most `size`. */
export function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
