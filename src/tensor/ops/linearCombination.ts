import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** A tensor and the factor it goes in with. */
export type Term = readonly [factor: number, tensor: Tensor];

/** Terms that a backend adds up at once. */
const MOST_TERMS = 7;

/**
 * Σ factor·tensor over one to seven tensors of one size, in their order. Not on the tape: samplers use it.
 * @throws Error when sizes differ or there are too many terms
 */
export function linearCombination(context: Context, terms: readonly Term[]): Tensor {
  const first = terms[0]?.[1];
  if (!first || terms.length > MOST_TERMS) {
    throw new Error(`linearCombination: ${terms.length} terms; 1 to ${MOST_TERMS} were expected`);
  }
  for (const [, { size, shape }] of terms) {
    if (size !== first.size) {
      throw new Error(`linearCombination: sizes differ: [${first.shape}] and [${shape}]`);
    }
  }
  const y = context.empty(first.shape, 'combination');
  context.kernels.elementwise.linearCombination(
    first.size,
    terms.map(([factor, { buffer }]) => [factor, buffer]),
    y.buffer,
  );
  return y;
}
