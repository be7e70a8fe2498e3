import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { add } from './add.ts';
import { scale } from './scale.ts';

describe('add and scale', () => {
  it('adds elementwise, on sizes that are no multiple of four', async () => {
    const context = await testContext();
    const a = testNumbers(3 * 5 * 7, 1);
    const b = testNumbers(3 * 5 * 7, 2);
    const y = context.scope(() =>
      add(context, context.fromArray(a, [3, 5, 7]), context.fromArray(b, [3, 5, 7]), 0.5),
    );
    expect(await context.read(y)).toBeAllclose(a.map((value, i) => value + 0.5 * b[i]!));
    y.release();
  });

  it('differentiates, also when both inputs are the same tensor', async () => {
    const context = await testContext();
    await checkGradients(
      context,
      { x: { shape: [3, 7], values: testNumbers(21, 3) }, z: { shape: [3, 7], values: testNumbers(21, 4) } },
      ({ x, z }) => add(context, add(context, x!, scale(context, x!, -0.3)), context.reshape(z!, [7, 3]), 2),
    );
  });

  it('releases everything it allocated', async () => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(context, { x: { shape: [9], values: testNumbers(9) } }, ({ x }) =>
      add(context, x!, x!),
    );
    expect(context.memory.used).toBe(before);
  });
});
