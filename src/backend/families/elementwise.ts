import type { Storage } from '../backend.ts';

/** Arithmetic on `count` numbers; memory is padded to a multiple of four numbers, which kernels may overwrite. */
export interface ElementwiseKernels {
  /** y = value. */
  fill(count: number, y: Storage, value: number): void;
  /** y = y + alpha·x. */
  addInPlace(count: number, operands: { y: Storage; x: Storage }, alpha: number): void;
  /** y = a + alpha·b. */
  add(count: number, operands: { a: Storage; b: Storage; y: Storage }, alpha: number): void;
  /** y = alpha·x. */
  scale(count: number, operands: { x: Storage; y: Storage }, alpha: number): void;
  /** y = x·s with s one number in memory. */
  scaleBy(count: number, operands: { x: Storage; scalar: Storage; y: Storage }): void;
  /** y = Σ factor·x over one to seven terms, in their order. */
  linearCombination(
    count: number,
    terms: readonly (readonly [factor: number, x: Storage])[],
    y: Storage,
  ): void;
}

/** One activation function, elementwise. */
export interface ActivationKernels {
  /** y = f(x). */
  forward(count: number, operands: { x: Storage; y: Storage }): void;
  /** dx = dy·f′(x). */
  backward(count: number, operands: { x: Storage; dy: Storage; dx: Storage }): void;
}

/** A gated activation on rows of [h, g], each half `columns` wide (a multiple of four). */
export interface GatedKernels {
  /** y = h·f(g), [rows, columns]. */
  forward(shape: { rows: number; columns: number }, operands: { x: Storage; y: Storage }): void;
  /** dx = [dy·f(g), dy·h·f′(g)]. */
  backward(
    shape: { rows: number; columns: number },
    operands: { x: Storage; dy: Storage; dx: Storage },
  ): void;
}

/** A factor for each column. */
export interface LayerScaleKernels {
  /** y = gamma·x (+ residual). */
  forward(
    shape: { rows: number; columns: number },
    operands: { x: Storage; gamma: Storage; residual?: Storage | undefined; y: Storage },
  ): void;
  /** y = a·b, elementwise on rows: what gamma's gradient sums. */
  product(shape: { rows: number; columns: number }, operands: { a: Storage; b: Storage; y: Storage }): void;
}

/** Dropout by Philox words; see `dropout` in src/tensor/ops. */
export interface DropoutKernels {
  /**
   * y_i = x_i·scale where word i of the stream is at least `threshold`, else 0. Words come in blocks of four; element 0 gets
   * the first word of block `firstBlock`. Seed and stream as two words each, the low one first.
   */
  apply(
    shape: {
      count: number;
      threshold: number;
      seed: readonly [low: number, high: number];
      stream: readonly [low: number, high: number];
      firstBlock: number;
      scale: number;
    },
    operands: { x: Storage; y: Storage },
  ): void;
}
