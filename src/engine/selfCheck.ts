import { deviceName } from '../backend/choose/ways.ts';
import { KernelError } from '../backend/errors.ts';
import type { Context } from '../tensor/context.ts';
import { layerNorm } from '../tensor/ops/layerNorm.ts';
import { matmul } from '../tensor/ops/matmul/matmul.ts';

/** Rows, columns and inner size: no multiples of any tile. */
const [M, N, K] = [19, 21, 35];
const TOLERANCE = 1e-4;

/**
 * Compare a product and a normalization on the backend with plain JavaScript before anything is trusted to it. Drivers exist
 * that compile a shader without complaint and compute something else.
 * @throws KernelError when the numbers differ
 */
export async function selfCheck(context: Context): Promise<void> {
  const a = numbers(M * K, 1);
  const b = numbers(N * K, 2);
  const ones = new Float32Array(N).fill(1);
  const result = context.scope(() =>
    layerNorm(
      context,
      matmul(context, context.fromArray(a, [M, K]), context.fromArray(b, [N, K]), { transposeB: true }),
      context.fromArray(ones, [N]),
      context.fromArray(new Float32Array(N), [N]),
    ),
  );
  const actual = await context.read(result);
  result.release();
  const expected = reference(a, b);
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
  if (!(worst <= TOLERANCE)) {
    throw new KernelError(
      `${deviceName(context.backend)} computes wrong numbers (a product is off by ${worst.toExponential(1)}). Update the graphics driver or try another browser.`,
    );
  }
}

function reference(a: Float32Array, b: Float32Array): number[] {
  const rows: number[] = [];
  for (let i = 0; i < M; i++) {
    const row = Array.from({ length: N }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a[i * K + k]! * b[j * K + k]!;
      return sum;
    });
    const mean = row.reduce((sum, value) => sum + value, 0) / N;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / N;
    rows.push(...row.map((value) => (value - mean) / Math.sqrt(variance + 1e-6)));
  }
  return rows;
}

/** Fixed numbers in −1…1. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin((i + 1) * (seed + 0.7) * 12.9898));
}
