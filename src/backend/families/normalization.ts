import type { Storage } from '../backend.ts';

/** Rows of a layer normalization. */
export interface LayerNormShape {
  rows: number;
  columns: number;
  epsilon: number;
}

/** Layer normalization over rows; the formulas are at `layerNorm` in src/tensor/ops. */
export interface LayerNormKernels {
  /** y = (x − mean)/√(var + ε)·gamma + beta; stats [rows, 2] get mean and reciprocal deviation. */
  forward(
    shape: LayerNormShape,
    operands: { x: Storage; gamma: Storage; beta: Storage; y: Storage; stats: Storage },
  ): void;
  /** dx [rows, columns], dgamma [columns] and dbeta [columns], each only where given. */
  backward(
    shape: LayerNormShape,
    operands: {
      x: Storage;
      gamma: Storage;
      stats: Storage;
      dy: Storage;
      dx?: Storage | undefined;
      dgamma?: Storage | undefined;
      dbeta?: Storage | undefined;
    },
  ): void;
}

/** Images of a group normalization; channels are a multiple of four. */
export interface GroupNormShape {
  images: number;
  pixels: number;
  channels: number;
  groups: number;
  epsilon: number;
  /** Whether x·sigmoid(x) follows. */
  silu: boolean;
}

/** Group normalization of [images, pixels, channels]; the formulas are at `groupNorm` in src/tensor/ops. */
export interface GroupNormKernels {
  /** stats [images, groups, 2] get mean and reciprocal deviation. */
  forward(
    shape: GroupNormShape,
    operands: { x: Storage; gamma: Storage; beta: Storage; y: Storage; stats: Storage },
  ): void;
  /** dx, dgamma [channels] and dbeta [channels], each only where given. */
  backward(
    shape: GroupNormShape,
    operands: {
      x: Storage;
      stats: Storage;
      gamma: Storage;
      beta: Storage;
      dy: Storage;
      dx?: Storage | undefined;
      dgamma?: Storage | undefined;
      dbeta?: Storage | undefined;
    },
  ): void;
}

/** Rows that are read out of a larger set: of every `period` rows the last `kept`, after `skipped` ones. */
export interface RowSelection {
  kept: number;
  period: number;
  skipped: number;
}

/** Rows divided by their length. */
export interface NormalizeKernels {
  /** y [rows, columns] = x row / max(‖row‖, eps), norms [rows] = ‖row‖; row r of y is row r of the selection of x. */
  forward(
    shape: { rows: number; columns: number; eps: number } & RowSelection,
    operands: { x: Storage; y: Storage; norms: Storage },
  ): void;
  /** dx = (dy − y (y·dy)) / norm, or dy / eps for rows no longer than eps. */
  backward(
    shape: { rows: number; columns: number; eps: number },
    operands: { y: Storage; norms: Storage; dy: Storage; dx: Storage },
  ): void;
}

/** Softmax over rows of any width. */
export interface SoftmaxKernels {
  forward(shape: { rows: number; columns: number }, operands: { x: Storage; y: Storage }): void;
  /** dx = y (dy − Σ y·dy). */
  backward(
    shape: { rows: number; columns: number },
    operands: { y: Storage; dy: Storage; dx: Storage },
  ): void;
}
