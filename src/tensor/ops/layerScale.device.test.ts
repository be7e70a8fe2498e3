import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { addScaled, layerScale } from './layerScale.ts';

describe.each([{ columns: 12 }, { columns: 7 }])('layer scale over $columns columns', ({ columns }) => {
  const shape = [3, 5, columns];
  const x = testNumbers(15 * columns, 1);
  const residual = testNumbers(15 * columns, 2);
  const gamma = testNumbers(columns, 3);

  it('scales columns, with and without a residual', async () => {
    const context = await testContext();
    const y = context.scope(() => {
      const input = context.fromArray(x, shape);
      const factors = context.fromArray(gamma, [columns]);
      const branch = layerScale(context, input, factors);
      return [branch, addScaled(context, context.fromArray(residual, shape), input, factors)] as const;
    });
    const branch = x.map((value, i) => value * gamma[i % columns]!);
    expect(await context.read(y[0])).toBeAllclose(branch);
    expect(await context.read(y[1])).toBeAllclose(branch.map((value, i) => value + residual[i]!));
    for (const tensor of y) tensor.release();
  });

  it.each([{ trainable: true }, { trainable: false }])('differentiates, gamma trainable: $trainable', async ({
    trainable,
  }) => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(
      context,
      {
        x: { shape, values: x },
        residual: { shape, values: residual },
        gamma: { shape: [columns], values: gamma, trainable },
      },
      // The residual also feeds the branch, as it does in a transformer block.
      ({ x, residual, gamma }) =>
        addScaled(
          context,
          residual!,
          layerScale(context, addScaled(context, x!, residual!, gamma!), gamma!),
          gamma!,
        ),
    );
    expect(context.memory.used).toBe(before);
  });
});
