import type { Operand, Storage } from '../backend.ts';

/**
 * A as the windows of a convolution, read out of padded images in place: stored row r is output position r (images one
 * after the other), stored column tap · channels + c. Offsets and steps in elements, all multiples of four.
 */
export interface Windows {
  /** Output positions across, and in one image. */
  outWidth: number;
  outArea: number;
  /** From one image to the next. */
  imageStride: number;
  /** From one output position to the one below, and to the one on the right. */
  stepDown: number;
  step: number;
  /** Channels of the images. */
  channels: number;
  /** Taps across. */
  kernelWidth: number;
  /** Offset of the first tap, and from one tap to the one below and on the right; negative to walk backward. */
  tapBase: number;
  tapDown: number;
  tapAcross: number;
}

/**
 * A matrix product C = op(A)·op(B) over a batch, in terms of memory. Row strides (`ld…`) and batch strides are in
 * elements; op(A) is m × k, op(B) is k × n. A stride of zero shares one matrix over the batch.
 */
export interface GemmProblem {
  m: number;
  n: number;
  k: number;
  batch: number;
  /** A is stored [k, m]. */
  transposeA: boolean;
  /** B is stored [n, k]. */
  transposeB: boolean;
  lda: number;
  ldb: number;
  ldc: number;
  strideA: number;
  strideB: number;
  strideC: number;
  /**
   * With `transposeB`: B is stored as this many matrices [n, k/stackB], one after the other along k, as the taps of a
   * convolution lie that is walked backward. 1 when left out; then `batch` is 1.
   */
  stackB?: number;
  /** A is read through these instead of `lda` and `strideA`; then `batch` is 1. With `transposeA`, op(A) is the windows' transpose. */
  windows?: Windows;
}

/** What is added to a product as it is written. */
export interface Epilogue {
  c: Storage;
  /** [n], added to every row. */
  bias?: Storage | undefined;
  /** Laid out like C, added to it; C itself to accumulate in place. */
  addend?: Storage | undefined;
  /** Factor on the product, before bias and addend. */
  alpha: number;
}

/** What a product reads and writes. */
export interface GemmOperands extends Epilogue {
  a: Storage;
  /** May be f16, with rows and strides of a multiple of four. */
  b: Operand;
}

/** A batch of matrices in memory; strides in elements. */
export interface MatrixLayout {
  batch: number;
  rows: number;
  columns: number;
  ld: number;
  stride: number;
}

/** Matrix products. */
export interface MatrixKernels {
  /** C = alpha · op(A)·op(B) + bias + addend. */
  gemm(problem: GemmProblem, operands: GemmOperands): void;
  /** C = alpha · Σ partial[s] + bias + addend over `splits` partial results of `count` numbers each, rows of n. */
  combine(shape: { count: number; n: number; splits: number }, partial: Storage, epilogue: Epilogue): void;
  /**
   * Copy matrices [batch, rows, columns] (transposed: to [batch, columns, rows]) into dense memory y whose rows are padded with
   * zeros to `outColumns`.
   */
  rearrange(layout: MatrixLayout & { transpose: boolean; outColumns: number }, x: Operand, y: Storage): void;
}
