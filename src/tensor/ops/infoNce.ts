import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { contrastive } from './contrastive.ts';

/** Settings of the InfoNCE losses. */
export interface InfoNceOptions {
  /** Temperature τ. */
  tau?: number;
  /** The rows have unit length already; otherwise they are normalized first (and gradients go through that). */
  normalized?: boolean;
}

/**
 * InfoNCE over all pairs of anchors q [A, C] and positives p [P, C], each against all negatives n [N, C]:
 *
 *     L = mean_ji −log( e^{q_j·p_i/τ} / ( e^{q_j·p_i/τ} + Σ_k e^{q_j·n_k/τ} ) ),   τ = 0.07
 *
 * Other positives are not in the denominator (`info_nce_fixed` of personalized-rep, arXiv 2412.16156).
 * With z_ji = log Σ_k e^{q_j·n_k/τ} − q_j·p_i/τ, the loss of a pair is log(1 + e^z) and its gradient
 * dL/d(q_j·p_i) = −σ(z_ji)/τ, dL/d(q_j·n_k) = softmax_k(q_j·n/τ) Σ_i σ(z_ji)/τ, both over A·P.
 * @returns a scalar [1]
 */
export function infoNce(
  context: Context,
  anchors: Tensor,
  positives: Tensor,
  negatives: Tensor,
  { tau = 0.07, normalized = false }: InfoNceOptions = {},
): Tensor {
  return contrastive(context, 'INFO_NCE', anchors, positives, negatives, { tau, normalized });
}
