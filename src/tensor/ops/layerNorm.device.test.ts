import { describe, expect, it } from 'vitest';
import { kernelChoices, testContext, useKernels } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { layerNorm } from './layerNorm.ts';

function reference(x: Float32Array, gamma: Float32Array, beta: Float32Array, epsilon: number): Float32Array {
  const columns = gamma.length;
  const y = new Float32Array(x.length);
  for (let from = 0; from < x.length; from += columns) {
    const row = x.subarray(from, from + columns);
    const mean = row.reduce((sum, value) => sum + value, 0) / columns;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / columns;
    row.forEach((value, c) => {
      y[from + c] = ((value - mean) / Math.sqrt(variance + epsilon)) * gamma[c]! + beta[c]!;
    });
  }
  return y;
}

describe.each(kernelChoices('rows'))('layerNorm, $name', (choice) => {
  useKernels(choice);

  it.each([
    { rows: 37, columns: 20 },
    { rows: 5, columns: 33 },
    { rows: 3, columns: 388 },
  ])('normalizes $rows rows of $columns, also far from zero', async ({ rows, columns }) => {
    const context = await testContext();
    const x = testNumbers(rows * columns, 1).map((value) => 3 * value + 100);
    const gamma = testNumbers(columns, 2);
    const beta = testNumbers(columns, 3);
    const y = context.scope(() =>
      layerNorm(
        context,
        context.fromArray(x, [rows, columns]),
        context.fromArray(gamma, [columns]),
        context.fromArray(beta, [columns]),
        1e-6,
      ),
    );
    expect(await context.read(y)).toBeAllclose(reference(x, gamma, beta, 1e-6), { atol: 1e-4, rtol: 1e-4 });
    y.release();
  });

  it.each([
    { shape: [3, 7, 12], trainable: true },
    { shape: [19, 5], trainable: true },
    { shape: [9, 12], trainable: false },
  ])('differentiates $shape, parameters trainable: $trainable', async ({ shape, trainable }) => {
    const context = await testContext();
    const before = context.memory.used;
    const columns = shape.at(-1)!;
    const size = shape.reduce((product, n) => product * n, 1);
    await checkGradients(
      context,
      {
        x: { shape, values: testNumbers(size, 4, 2) },
        gamma: { shape: [columns], values: testNumbers(columns, 5), trainable },
        beta: { shape: [columns], values: testNumbers(columns, 6), trainable },
      },
      ({ x, gamma, beta }) => layerNorm(context, x!, gamma!, beta!, 1e-5),
    );
    expect(context.memory.used).toBe(before);
  });
});

describe('layerNorm parameter gradients', () => {
  it('sum over many chunks of rows', async () => {
    const context = await testContext();
    const [rows, columns] = [1103, 8];
    const x = testNumbers(rows * columns, 7);
    const seed = testNumbers(rows * columns, 8);
    const gamma = context.fromArray(new Float32Array(columns).fill(1), [columns]);
    const beta = context.fromArray(new Float32Array(columns), [columns]);
    gamma.requiresGrad = true;
    beta.requiresGrad = true;
    context.scope(() => {
      const input = context.fromArray(x, [rows, columns]);
      context.backward(
        () => layerNorm(context, input, gamma, beta, 1e-6),
        context.fromArray(seed, [rows, columns]),
      );
      return undefined;
    });
    const normalized = reference(x, new Float32Array(columns).fill(1), new Float32Array(columns), 1e-6);
    const dgamma = new Float64Array(columns);
    const dbeta = new Float64Array(columns);
    seed.forEach((value, i) => {
      dgamma[i % columns]! += value * normalized[i]!;
      dbeta[i % columns]! += value;
    });
    expect(await context.read(gamma.grad!)).toBeAllclose(dgamma, { atol: 1e-3, rtol: 1e-4 });
    expect(await context.read(beta.grad!)).toBeAllclose(dbeta, { atol: 1e-3, rtol: 1e-4 });
    for (const tensor of [gamma, beta]) {
      tensor.grad!.release();
      tensor.release();
    }
  });
});
