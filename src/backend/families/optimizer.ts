import type { Storage } from '../backend.ts';

/** Parameters that one `adam` call takes at most. */
export const ADAM_GROUP = 3;

/** Factors of one Adam step; see `Adam` in src/nn/optim. */
export interface AdamFactors {
  /** 1 − β₁, β₂ and 1 − β₂. */
  gain1: number;
  beta2: number;
  gain2: number;
  /** lr/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ). */
  stepSize: number;
  denominatorScale: number;
  eps: number;
  decay: number;
  /** Whether w is multiplied by 1 − decay first, instead of decay·w being added to the gradient. */
  decoupled: boolean;
}

/** Optimizer steps and gradient clipping. */
export interface OptimizerKernels {
  /**
   * One Adam step of up to `ADAM_GROUP` parameters.
   * @param moments first moments of all parameters one after the other, each padded to fours, then all second ones
   */
  adam(
    factors: AdamFactors,
    moments: Storage,
    parameters: readonly { size: number; values: Storage; gradient: Storage }[],
  ): void;
  /** norm [2] = Euclidean norm of all gradients together, and min(1, maxNorm/(norm + 1e-6)), by which they are multiplied. */
  clip(maxNorm: number, gradients: readonly { size: number; storage: Storage }[], norm: Storage): void;
}
