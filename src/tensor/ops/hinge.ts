import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { contrastive } from './contrastive.ts';

/** Settings of the hinge loss. */
export interface HingeOptions {
  /** By how much a positive must be nearer than a negative, in cosine. */
  margin?: number;
  /** The rows have unit length already; otherwise they are normalized first. */
  normalized?: boolean;
}

/**
 * Triplet hinge on cosines over all triples of anchors q [A, C], positives p [P, C] and negatives n [N, C]:
 *
 *     L = mean_jik max(0, margin − q_j·p_i + q_j·n_k),   margin = 0.05
 *
 * On embeddings: personalized-rep's own hinge compares raw images. Where the margin is met the gradient is zero.
 * @returns a scalar [1]
 */
export function hinge(
  context: Context,
  anchors: Tensor,
  positives: Tensor,
  negatives: Tensor,
  { margin = 0.05, normalized = false }: HingeOptions = {},
): Tensor {
  return contrastive(context, 'HINGE', anchors, positives, negatives, { margin, normalized });
}
