import wgsl from '../../../shaders/contrastive.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import { ShapeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { reduceAll } from './reduce.ts';

/**
 * Share of triplets j in which cos(q_j, p_j) > cos(q_j, n_j), as a scalar [1] that stays on the GPU (append it to a
 * `ScalarLog`). Rows of [B, C] need not have unit length. Not differentiable.
 * @throws ShapeError when the three differ in shape
 */
export function rankingAccuracy(
  context: Context,
  anchors: Tensor,
  positives: Tensor,
  negatives: Tensor,
): Tensor {
  for (const other of [positives, negatives]) {
    if (other.rows !== anchors.rows || other.columns !== anchors.columns) {
      throw new ShapeError(
        `rankingAccuracy: triplets need as many positives and negatives as anchors, got [${anchors.shape}], [${positives.shape}], [${negatives.shape}]`,
      );
    }
  }
  return context.scope(() => {
    const triplets = anchors.rows;
    const wide = anchors.columns % 4 === 0;
    const hit = context.empty([triplets], 'ranking');
    context.run(
      { name: 'contrastive', wgsl, part: 'ranking', constants: { WIDE: wide } },
      [anchors, positives, negatives, hit],
      { triplets, items: wide ? anchors.columns / 4 : anchors.columns },
      linearGrid(triplets, 64),
      anchors.size * 8,
    );
    return reduceAll(context, hit, { factor: 1 / triplets });
  });
}
