import type { Storage } from '../backend.ts';

/** A strided sum: y[o, c] = scale Σ_t x[offset + o·outerStride + t·stride + c]; all lengths in numbers. */
export interface StridedSum {
  outer: number;
  width: number;
  count: number;
  offset: number;
  outerStride: number;
  stride: number;
  scale: number;
}

/** Moving and summing rows. Lengths, strides and offsets in numbers. */
export interface RowKernels {
  /** y[r, yOffset + c] = x[r, xOffset + c] for c < width. */
  copy(
    shape: {
      rows: number;
      width: number;
      xStride: number;
      xOffset: number;
      yStride: number;
      yOffset: number;
    },
    operands: { x: Storage; y: Storage },
  ): void;
  /** y[r, c] = x[r, c − offset] inside the block, 0 outside, for c < width. */
  place(
    shape: { rows: number; width: number; offset: number; blockWidth: number },
    operands: { x: Storage; y: Storage },
  ): void;
  /** A strided sum, added in the order of t. */
  sum(shape: StridedSum, operands: { x: Storage; y: Storage }): void;
  /** y[o, t, c] = scale·x[o, c] for begin ≤ t < end, else 0, over t < count. */
  spread(
    shape: { outer: number; count: number; width: number; begin: number; end: number; scale: number },
    operands: { x: Storage; y: Storage },
  ): void;
  /** y[i, c] = x[indices[i], c]; indices are u32. */
  gather(
    shape: { rows: number; width: number },
    operands: { x: Storage; indices: Storage; y: Storage },
  ): void;
  /** y[r, c] = Σ x[sources[k], c] over starts[r] ≤ k < starts[r + 1], in that order; `entries` sources in all. */
  scatterAdd(
    shape: { rows: number; width: number; entries: number },
    operands: { x: Storage; starts: Storage; sources: Storage; y: Storage },
  ): void;
  /** y[b, t] = token[t] for t < prefix, x[b, t − prefix] after (both + positions[t]), t < tokens. */
  prepend(
    shape: { batch: number; tokens: number; prefix: number; width: number },
    operands: { token: Storage; x: Storage; positions?: Storage | undefined; y: Storage },
  ): void;
}

/** Sums over everything, over rows, over columns. Always the same order of addition on the same device. */
export interface ReduceKernels {
  /** y [1] = factor·Σ x, or factor·Σ x². */
  all(shape: { count: number; squares: boolean; factor: number }, operands: { x: Storage; y: Storage }): void;
  /** y [rows] = Σ over each row. */
  rows(shape: { rows: number; columns: number }, operands: { x: Storage; y: Storage }): void;
  /** y [columns] = Σ over each column. */
  columns(shape: { rows: number; columns: number }, operands: { x: Storage; y: Storage }): void;
  /**
   * Gradient of a sum at its input: dx_i = factor·dy of the sum that i went into (`over`), times 2·squared_i where squares
   * were summed.
   */
  spread(
    shape: { count: number; columns: number; over: 'all' | 'rows' | 'columns'; factor: number },
    operands: { dy: Storage; dx: Storage; squared?: Storage | undefined },
  ): void;
}
