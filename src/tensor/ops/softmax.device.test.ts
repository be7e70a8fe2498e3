import { describe, expect, it } from 'vitest';
import { kernelChoices, testContext, useKernels } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { softmax } from './softmax.ts';

function reference(x: Float32Array, width: number): Float32Array {
  const y = new Float32Array(x.length);
  for (let at = 0; at < x.length; at += width) {
    const row = x.subarray(at, at + width);
    const top = Math.max(...row);
    const total = row.reduce((sum, value) => sum + Math.exp(value - top), 0);
    row.forEach((value, c) => {
      y[at + c] = Math.exp(value - top) / total;
    });
  }
  return y;
}

describe.each(kernelChoices('rows'))('softmax, $name', (choice) => {
  useKernels(choice);

  it.each([
    { rows: 19, width: 1 },
    { rows: 21, width: 7 },
    { rows: 3, width: 150 },
  ])('of $rows rows of $width, also of large numbers', async ({ rows, width }) => {
    const context = await testContext();
    const x = testNumbers(rows * width, 1, 90);
    const y = context.scope(() => softmax(context, context.fromArray(x, [rows, width])));
    expect(await context.read(y)).toBeAllclose(reference(x, width), { atol: 1e-7, rtol: 2e-5 });
    y.release();
  });

  it('differentiates', async () => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(context, { x: { shape: [3, 5, 13], values: testNumbers(195, 2, 2) } }, ({ x }) =>
      softmax(context, x!),
    );
    expect(context.memory.used).toBe(before);
  });
});
