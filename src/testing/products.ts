import { expect } from 'vitest';
import type { Context } from '../tensor/context.ts';
import { matmul } from '../tensor/ops/matmul/matmul.ts';
import { testNumbers } from './gradients.ts';

/** m, n, k */
export type Shape = [number, number, number];
/** Whether A and B are stored transposed. */
export type Transposition = { ta: boolean; tb: boolean };

/** Row-major reference: C[m][n] = alpha Σ_k A·B + bias + addend for one batch entry. */
export function productReference(
  a: Float32Array,
  b: Float32Array,
  [m, n, k]: Shape,
  { ta = false, tb = false, alpha = 1, bias = [] as ArrayLike<number> } = {},
): Float32Array {
  const c = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a[ta ? l * m + i : i * k + l]! * b[tb ? j * k + l : l * n + j]!;
      c[i * n + j] = alpha * sum + (bias[j] ?? 0);
    }
  }
  return c;
}

/** Shapes beside the tile size: rows that are not a multiple of four (element by element), and rows that are (vec4). */
export const ODD: Shape = [133, 70, 37];
export const EVEN: Shape = [36, 132, 68];
export const LONG: Shape = [12, 8, 1031];

/** All ways of storing the operands. */
export const TRANSPOSITIONS = [
  { ta: false, tb: false },
  { ta: false, tb: true },
  { ta: true, tb: false },
  { ta: true, tb: true },
];

/** Check a product with all that can be added to it against plain loops. */
export async function checkProduct(
  context: Context,
  [m, n, k]: Shape,
  { ta, tb }: Transposition,
): Promise<void> {
  const a = testNumbers(m * k, 1);
  const b = testNumbers(k * n, 2);
  const bias = testNumbers(n, 3);
  const addend = testNumbers(m * n, 4);
  const y = context.scope(() =>
    matmul(context, context.fromArray(a, ta ? [k, m] : [m, k]), context.fromArray(b, tb ? [n, k] : [k, n]), {
      transposeA: ta,
      transposeB: tb,
      bias: context.fromArray(bias, [n]),
      addend: context.fromArray(addend, [m, n]),
      alpha: 0.5,
    }),
  );
  const expected = productReference(a, b, [m, n, k], { ta, tb, alpha: 0.5, bias }).map(
    (v, i) => v + addend[i]!,
  );
  expect(await context.read(y), `${[m, n, k]} ${ta} ${tb}`).toBeAllclose(expected, {
    atol: 1e-5 * Math.sqrt(k),
    rtol: 1e-5,
  });
  y.release();
}
