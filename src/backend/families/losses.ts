import type { Storage } from '../backend.ts';

/** Which loss is computed from the matrix of products. */
export type ContrastiveKind = 'INFO_NCE' | 'MULTI_POSITIVE' | 'HINGE';

/** Rows of anchors q [A, C], positives p [P, C] and negatives n [N, C], all of unit length. */
export interface ContrastiveShape {
  anchors: number;
  positives: number;
  negatives: number;
  columns: number;
}

/** Losses over all pairs; the formulas are at `infoNce`, `multiPositive` and `hinge` in src/tensor/ops. */
export interface ContrastiveKernels {
  /** loss [1], and coefficients [A, P + N] = dL/d(product). */
  loss(
    shape: ContrastiveShape & { kind: ContrastiveKind; tau: number; margin: number },
    operands: { q: Storage; p: Storage; n: Storage; loss: Storage; coefficients: Storage },
  ): void;
  /** dq_j = dy (Σ_i g_ji p_i + Σ_k g_jk n_k); dy [1]. */
  anchorGradient(
    shape: ContrastiveShape,
    operands: { p: Storage; n: Storage; coefficients: Storage; dy: Storage; dq: Storage },
  ): void;
  /** dx_i = dy Σ_j g_j,offset+i q_j for `others` rows: the positives (offset 0) or the negatives (offset P). */
  otherGradient(
    shape: ContrastiveShape & { others: number; offset: number },
    operands: { q: Storage; coefficients: Storage; dy: Storage; dx: Storage },
  ): void;
  /** hits [triplets]: 1 where cos(q, p) > cos(q, n), else 0; rows of any length. */
  ranking(
    shape: { triplets: number; columns: number },
    operands: { q: Storage; p: Storage; n: Storage; hits: Storage },
  ): void;
}

/** Sizes and thresholds of the patch term; see `patchContrastive` in src/tensor/ops. */
export interface PatchContrastiveShape {
  triplets: number;
  /** Tokens a view, of which the last `patches` are patches. */
  tokens: number;
  patches: number;
  /** A multiple of four. */
  channels: number;
  tau: number;
  objectFrom: number;
  backgroundBelow: number;
  /** Bytes of workspace that are worth not cutting the batch into chunks. */
  workspaceBytes: number;
}

/** The patch term. */
export interface PatchContrastiveKernels {
  /**
   * loss [1] and, where given, its gradient at x, [3·triplets, tokens, channels] (zeroed by the caller).
   * x: unit tokens in the order anchors, positives, negatives; coverage [2·triplets, patches].
   */
  loss(
    shape: PatchContrastiveShape,
    operands: { x: Storage; coverage: Storage; loss: Storage; gradient?: Storage | undefined },
  ): void;
}

/** Weighted mean squared error; weights by row. */
export interface WeightedMseKernels {
  /** loss [1] = factor/count · Σ w (prediction − target)². */
  loss(
    shape: { count: number; columns: number; factor: number },
    operands: { prediction: Storage; target: Storage; weights: Storage; loss: Storage },
  ): void;
  /** gradient = 2 w factor/count (prediction − target)·dy; dy [1]. */
  gradient(
    shape: { count: number; columns: number; factor: number },
    operands: { prediction: Storage; target: Storage; weights: Storage; dy: Storage; gradient: Storage },
  ): void;
}

/** Products of one query with every token. */
export interface SimilarityKernels {
  /** y [rows] = x [rows, columns] · query [columns]. */
  map(shape: { rows: number; columns: number }, operands: { x: Storage; query: Storage; y: Storage }): void;
}
