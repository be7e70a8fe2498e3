import type { Context } from './context.ts';
import type { Tensor } from './tensor.ts';

/**
 * A tensor with exactly one reference, held by the caller, whether or not a scope is open: for state that outlives a step
 * (optimizer moments, logs, caches). Whoever keeps it releases it.
 */
export function keep(context: Context, make: () => Tensor): Tensor {
  let kept: Tensor | undefined;
  context.scope(() => {
    kept = make().retain();
    return undefined;
  });
  return kept!;
}
