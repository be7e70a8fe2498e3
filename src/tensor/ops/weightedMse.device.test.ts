import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { weightedMse } from './weightedMse.ts';

describe('weightedMse', () => {
  const prediction = testNumbers(2 * 3 * 5, 1);
  const target = testNumbers(2 * 3 * 5, 2);
  const weights = testNumbers(6, 3).map(Math.abs);

  it('is the weighted mean of squares', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const loss = context.scope(() =>
      weightedMse(
        context,
        context.fromArray(prediction, [2, 3, 5]),
        context.fromArray(target, [2, 3, 5]),
        context.fromArray(weights, [2, 3]),
        0.7,
      ),
    );
    let expected = 0;
    prediction.forEach((value, i) => {
      expected += (0.7 * weights[Math.floor(i / 5)]! * (value - target[i]!) ** 2) / 30;
    });
    expect(await context.read(loss)).toBeAllclose([expected]);
    loss.release();
    expect(context.memory.used).toBe(before);
  });

  it('differentiates the prediction', async () => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(
      context,
      {
        prediction: { shape: [6, 5], values: prediction },
        target: { shape: [6, 5], values: target, trainable: false },
        weights: { shape: [6], values: weights, trainable: false },
      },
      (inputs) => weightedMse(context, inputs.prediction!, inputs.target!, inputs.weights!, 2),
    );
    expect(context.memory.used).toBe(before);
  });

  it('names what does not fit', async () => {
    const context = await testContext();
    context.scope(() => {
      const x = context.zeros([6, 5]);
      expect(() => weightedMse(context, x, x, context.zeros([5]))).toThrow('weights [5]');
      return undefined;
    });
  });
});
