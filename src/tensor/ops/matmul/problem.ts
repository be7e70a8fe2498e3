import type { GemmProblem } from '../../../backend/families/matrix.ts';
import type { Tensor } from '../../tensor.ts';
import { MatmulShapeError } from './errors.ts';

/** Which operands are stored transposed. */
export interface Transposition {
  transposeA?: boolean;
  transposeB?: boolean;
}

/** A problem with the shape of its result. */
export interface ResolvedMatmul {
  problem: GemmProblem;
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
