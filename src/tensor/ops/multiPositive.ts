import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { contrastive } from './contrastive.ts';
import type { InfoNceOptions } from './infoNce.ts';

/**
 * InfoNCE with the positives pooled: anchors q [A, C], positives p [P, C], negatives n [N, C],
 *
 *     L = mean_j −log( Σ_i e^{q_j·p_i/τ} / ( Σ_i e^{q_j·p_i/τ} + Σ_k e^{q_j·n_k/τ} ) ),   τ = 0.07
 *
 * An anchor is content with one near positive. With z_j the difference of the two log-sum-exps (negatives minus
 * positives), dL/d(q_j·p_i) = −σ(z_j) softmax_i/τ and dL/d(q_j·n_k) = σ(z_j) softmax_k/τ, both over A.
 * @returns a scalar [1]
 */
export function multiPositive(
  context: Context,
  anchors: Tensor,
  positives: Tensor,
  negatives: Tensor,
  { tau = 0.07, normalized = false }: InfoNceOptions = {},
): Tensor {
  return contrastive(context, 'MULTI_POSITIVE', anchors, positives, negatives, { tau, normalized });
}
