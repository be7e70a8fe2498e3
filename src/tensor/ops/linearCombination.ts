import wgsl from '../../../shaders/linearCombination.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** A tensor and the factor it goes in with. */
export type Term = readonly [factor: number, tensor: Tensor];

/** Tensors of one dispatch: the eight bindings every adapter has, less the result's. */
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
  const count = Math.ceil(first.size / 4);
  const factors = Object.fromEntries(terms.map(([factor], i) => [`factor${i}`, factor]));
  context.run(
    { name: 'linearCombination', wgsl, constants: { COUNT: terms.length } },
    [...terms.map(([, tensor]) => tensor), y],
    { count, ...factors },
    linearGrid(count, 64),
    count * 8 * terms.length,
  );
  return y;
}
