import { describe, expect, it } from 'vitest';
import { kernelChoices, testContext, useKernels } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { mean, sum, sumOfSquares } from './sum.ts';
import { sumColumns } from './sumColumns.ts';
import { sumRows } from './sumRows.ts';

async function evaluate(
  values: Float32Array,
  shape: number[],
  f: (context: Context, x: Tensor) => Tensor,
): Promise<Float32Array> {
  const context = await testContext();
  const y = context.scope(() => f(context, context.fromArray(values, shape)));
  const result = await context.read(y);
  y.release();
  return result;
}

/** Sums of x [R, C] by rows and by columns, in double precision. */
function referenceSums(values: Float32Array, rows: number, columns: number) {
  const byRow = new Array<number>(rows).fill(0);
  const byColumn = new Array<number>(columns).fill(0);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      byRow[r]! += values[r * columns + c]!;
      byColumn[c]! += values[r * columns + c]!;
    }
  }
  return { byRow, byColumn };
}

describe('sums', () => {
  // 1 to 5 test the tail; 4,097 is the first size of two stages; 300,001 gives every partial several vec4s.
  for (const count of [1, 3, 4, 5, 4096, 4097, 300_001]) {
    it(`sums ${count} elements`, async () => {
      const values = testNumbers(count, count).map((value) => value + 0.1);
      const total = values.reduce((a, b) => a + b, 0);
      const squares = values.reduce((a, b) => a + b * b, 0);
      expect(await evaluate(values, [count], sum)).toBeAllclose([total], { rtol: 2e-5, atol: 1e-5 });
      expect(await evaluate(values, [count], mean)).toBeAllclose([total / count], { rtol: 2e-5, atol: 1e-5 });
      expect(await evaluate(values, [count], sumOfSquares)).toBeAllclose([squares], { rtol: 1e-5 });
    });
  }

  it('ignores what an earlier tensor left behind in the padding of its buffer', async () => {
    const context = await testContext();
    context.fromArray(new Float32Array(64).fill(Number.NaN), [64]).release();
    expect(await evaluate(new Float32Array(37).fill(2), [37], sum)).toBeAllclose([74]);
    context.fromArray(new Float32Array(5120).fill(Number.NaN), [5120]).release();
    expect(await evaluate(new Float32Array(5005).fill(2), [5005], sumOfSquares)).toBeAllclose([20_020]);
  });

  it('gives the same bits every time', async () => {
    const values = testNumbers(70_003, 5);
    expect(await evaluate(values, [70_003], sum)).toEqual(await evaluate(values, [70_003], sum));
  });

  it('differentiates', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const x = { shape: [3, 7], values: testNumbers(21, 3) };
    for (const op of [sum, mean, sumOfSquares, sumRows, sumColumns]) {
      await checkGradients(context, { x }, ({ x }) => op(context, x!));
    }
    expect(context.memory.used).toBe(before);
  });
});

describe.each(kernelChoices('rows'))('sums of a matrix, $name', (choice) => {
  useKernels(choice);

  for (const [rows, columns] of [
    [1, 7],
    [3, 130],
    [71, 12],
    [2100, 5],
  ] as const) {
    it(`sums the rows and columns of [${rows}, ${columns}]`, async () => {
      const values = testNumbers(rows * columns, rows);
      const { byRow, byColumn } = referenceSums(values, rows, columns);
      expect(await evaluate(values, [rows, columns], sumRows)).toBeAllclose(byRow, { atol: 1e-5 });
      expect(await evaluate(values, [rows, columns], sumColumns)).toBeAllclose(byColumn, { atol: 2e-4 });
    });
  }
});
