import type { Context } from '../context.ts';
import { ShapeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { reduceAll } from './reduce.ts';

/**
 * Share of triplets j in which cos(q_j, p_j) > cos(q_j, n_j), as a scalar [1] that stays on the device (append it to a
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
    const hits = context.empty([triplets], 'ranking');
    context.kernels.contrastive.ranking(
      { triplets, columns: anchors.columns },
      { q: anchors.buffer, p: positives.buffer, n: negatives.buffer, hits: hits.buffer },
    );
    return reduceAll(context, hits, { factor: 1 / triplets });
  });
}
