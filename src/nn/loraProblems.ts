import type { GemmProblem } from '../backend/families/matrix.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { LoraWeights } from './loraWeights.ts';

/** The matrices of a LoRA do not fit the layer or each other; the message names them all. */
export class LoraShapeError extends Error {
  override name = 'LoraShapeError';
}

/** The two small products of a LoRA and their gradients, as layouts in memory. */
export interface LoraProblems {
  /** h = x·Aᵀ: [R, in] × [g·r, in]ᵀ */
  down: GemmProblem;
  /** y = h·Bᵀ, part by part: [R, g·r] × [out, r]ᵀ */
  up: GemmProblem;
  /** t = dy·B, part by part: [R, out] × [out, r] */
  upInput: GemmProblem;
  /** dB = dyᵀ·h, part by part */
  upWeight: GemmProblem;
  /** dx = t·A: [R, g·r] × [g·r, in] */
  downInput: GemmProblem;
  /** dA = tᵀ·x */
  downWeight: GemmProblem;
}

/**
 * Layouts for x [R, in] and a layer [out, in]. With g parts the products with B are a batch of g that reads and writes
 * side by side in one row.
 * @throws LoraShapeError
 */
export function loraProblems(x: Tensor, weight: Tensor, { a, b }: LoraWeights): LoraProblems {
  const [out, input] = weight.shape as [number, number];
  const [hidden, aInput] = a.shape as [number, number];
  const [bOut, rank] = b.shape as [number, number];
  const groups = hidden / rank;
  const flat = [weight, a, b].every((matrix) => matrix.shape.length === 2);
  const parts = Number.isInteger(groups) && Number.isInteger(out / groups);
  if (!flat || x.columns !== input || aInput !== input || bOut !== out || !parts) {
    throw new LoraShapeError(
      `LoRA: x [${x.shape}], layer [${weight.shape}], A [${a.shape}], B [${b.shape}] do not fit: A must be [r, in] (or g·r rows for g parts), B [out, r].`,
    );
  }
  const rows = x.rows;
  const part = out / groups;
  const whole = { batch: 1, strideA: 0, strideB: 0, strideC: 0, transposeA: false, transposeB: false };
  const each = { ...whole, batch: groups };
  return {
    down: { ...whole, m: rows, n: hidden, k: input, transposeB: true, lda: input, ldb: input, ldc: hidden },
    up: {
      ...{ ...each, m: rows, n: part, k: rank, transposeB: true, lda: hidden, ldb: rank, ldc: out },
      ...{ strideA: rank, strideB: part * rank, strideC: part },
    },
    upInput: {
      ...{ ...each, m: rows, n: rank, k: part, lda: out, ldb: rank, ldc: hidden },
      ...{ strideA: part, strideB: part * rank, strideC: rank },
    },
    upWeight: {
      ...{ ...each, m: part, n: rank, k: rows, transposeA: true, lda: out, ldb: hidden, ldc: rank },
      ...{ strideA: part, strideB: rank, strideC: part * rank },
    },
    downInput: { ...whole, m: rows, n: input, k: hidden, lda: hidden, ldb: input, ldc: input },
    downWeight: {
      ...{ ...whole, m: hidden, n: input, k: rows, transposeA: true },
      ...{ lda: hidden, ldb: input, ldc: input },
    },
  };
}
