import type { Tensor } from '../../tensor.ts';
import { MatmulShapeError } from './errors.ts';

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
export interface MatmulProblem {
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
  /** A is read through these instead of `lda` and `strideA`; then `batch` is 1. */
  windows?: Windows;
}

/** Which operands are stored transposed. */
export interface Transposition {
  transposeA?: boolean;
  transposeB?: boolean;
}

/** A problem with the shape of its result. */
export interface ResolvedMatmul {
  problem: MatmulProblem;
  outputShape: number[];
}

/**
 * Shapes of a matrix product. a [..., M, K] ([..., K, M] transposed), b [..., K, N] ([..., N, K] transposed) with the
 * same leading dimensions → [..., M, N]. An operand without leading dimensions is shared by all of the other; when that
 * is b, leading dimensions of an untransposed a become rows of one product.
 * @throws MatmulShapeError
 */
export function resolveMatmul(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: Transposition,
): ResolvedMatmul {
  const fail = (why: string): never => {
    const [ta, tb] = [transposeA ? 'ᵀ' : '', transposeB ? 'ᵀ' : ''];
    throw new MatmulShapeError(`matmul: [${a.shape}]${ta} × [${b.shape}]${tb}: ${why}`);
  };
  if (a.shape.length < 2 || b.shape.length < 2) fail('both need at least two dimensions');
  const sharedA = a.shape.length === 2;
  const sharedB = b.shape.length === 2;
  const leading = sharedA ? b.shape.slice(0, -2) : a.shape.slice(0, -2);
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [n, bK] = transposeB ? [bRows, bColumns] : [bColumns, bRows];
  if (k !== bK) fail(`inner dimensions ${k} and ${bK} differ`);
  if (a.size === 0 || b.size === 0) fail('an operand is empty');
  const outputShape = [...leading, m, n];
  if (!sharedB && `${b.shape.slice(0, -2)}` !== `${leading}`) fail('leading dimensions differ');
  const count = leading.reduce((product, dimension) => product * dimension, 1);
  const fold = sharedB && !transposeA;
  const rows = fold ? m * count : m;
  return {
    outputShape,
    problem: {
      m: rows,
      n,
      k,
      batch: fold ? 1 : count,
      transposeA,
      transposeB,
      lda: aColumns,
      ldb: bColumns,
      ldc: n,
      strideA: sharedA || fold ? 0 : m * k,
      strideB: sharedB ? 0 : k * n,
      strideC: rows * n,
    },
  };
}

/** Equal for products that the same kernel computes with the same numbers of everything: what is prepared is kept by it. */
export function problemKey(problem: MatmulProblem): string {
  const { m, n, k, batch, transposeA, transposeB, lda, ldb, ldc, strideA, strideB, strideC } = problem;
  const layout = `${m},${n},${k},${batch},${transposeA},${transposeB},${lda},${ldb},${ldc},${strideA},${strideB},${strideC}`;
  const { windows } = problem;
  if (!windows) return layout;
  const { outWidth, outArea, imageStride, stepDown, step, channels, kernelWidth } = windows;
  const { tapBase, tapDown, tapAcross } = windows;
  return `${layout},${outWidth},${outArea},${imageStride},${stepDown},${step},${channels},${kernelWidth},${tapBase},${tapDown},${tapAcross}`;
}

/** Floating-point operations of a product. */
export function matmulFlops({ m, n, k, batch }: MatmulProblem): number {
  return 2 * m * n * k * batch;
}

/** Whether every row of an operand starts at a multiple of four elements, so that it can be read as vec4f. */
export function isAligned(columns: number, ld: number, stride: number): boolean {
  return columns % 4 === 0 && ld % 4 === 0 && stride % 4 === 0;
}
