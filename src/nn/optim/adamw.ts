import type { Context } from '../../tensor/context.ts';
import { Adam, type AdamOptions } from './adam.ts';
import type { NamedParameters } from './parameters.ts';

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter, arXiv 1711.05101): weights are multiplied by 1 − lr·λ before the
 * step. λ defaults to 0.01 as in PyTorch.
 */
export class AdamW extends Adam {
  constructor(
    context: Context,
    parameters: NamedParameters,
    { weightDecay = 1e-2, ...options }: Omit<AdamOptions, 'decoupled'> = {},
  ) {
    super(context, parameters, { ...options, weightDecay, decoupled: true });
  }
}
