import { describe, expect, it } from 'vitest';
import { kernelChoices, testContext, useKernels } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { normalizeRows, normalizeTokens } from './normalizeRows.ts';

/** Rows divided by their Euclidean norm, in double precision. */
function reference(values: Float32Array, columns: number): number[] {
  const result: number[] = [];
  for (let first = 0; first < values.length; first += columns) {
    const row = [...values.subarray(first, first + columns)];
    const norm = Math.max(Math.hypot(...row), 1e-12);
    result.push(...row.map((value) => value / norm));
  }
  return result;
}

describe.each(kernelChoices('rows'))('normalizeRows, $name', (choice) => {
  useKernels(choice);

  for (const shape of [
    [5, 7],
    [3, 2, 132],
    [67, 4],
    [1, 260],
  ]) {
    it(`gives the rows of [${shape}] unit length`, async () => {
      const context = await testContext();
      const values = testNumbers(
        shape.reduce((a, b) => a * b),
        shape[0],
        3,
      );
      const y = context.scope(() => normalizeRows(context, context.fromArray(values, shape)));
      expect(y.shape).toEqual(shape);
      expect(await context.read(y)).toBeAllclose(reference(values, shape.at(-1)!), { atol: 1e-6 });
      y.release();
    });
  }

  it('leaves a row of zeros zero, with the gradient of a division by eps', async () => {
    const context = await testContext();
    const x = context.fromArray([0, 0, 0, 3, 4, 0], [2, 3]);
    x.requiresGrad = true;
    const seed = context.fromArray([1, 2, 3, 1, 0, 0], [2, 3]);
    const y = context.backward(() => normalizeRows(context, x, { eps: 0.5 }), seed);
    expect(await context.read(y)).toBeAllclose([0, 0, 0, 0.6, 0.8, 0]);
    // Second row: (1 − .6·.6, 0 − .8·.6, 0) / 5.
    expect(await context.read(x.grad!)).toBeAllclose([2, 4, 6, 0.128, -0.096, 0]);
    for (const tensor of [x, x.grad!, seed, y]) tensor.release();
  });

  it('differentiates and releases everything', async () => {
    const context = await testContext();
    const before = context.memory.used;
    for (const shape of [
      [3, 7],
      [2, 3, 8],
    ]) {
      const values = testNumbers(
        shape.reduce((a, b) => a * b),
        4,
      );
      await checkGradients(context, { x: { shape, values } }, ({ x }) => normalizeRows(context, x!));
    }
    expect(context.memory.used).toBe(before);
  });

  it('drops the prefix tokens of each image for caching', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const values = testNumbers(3 * 7 * 8, 6);
    const patches = [0, 1, 2].flatMap((image) => [
      ...values.subarray((image * 7 + 2) * 8, (image + 1) * 7 * 8),
    ]);
    const y = context.scope(() => normalizeTokens(context, context.fromArray(values, [3, 7, 8]), 2));
    expect(y.shape).toEqual([3, 5, 8]);
    expect(await context.read(y)).toBeAllclose(reference(Float32Array.from(patches), 8));
    y.release();
    expect(context.memory.used).toBe(before);
    const tooShort = context.zeros([3, 2, 8]);
    expect(() => normalizeTokens(context, tooShort, 2)).toThrow(/more than 2 tokens, got \[3,2,8\]/);
    tooShort.release();
  });
});
