import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { silu } from './silu.ts';

describe('silu', () => {
  it('is x·sigmoid(x), far out too', async () => {
    const context = await testContext();
    const x = [...testNumbers(10, 1, 5), 0, 60, -60];
    const y = context.scope(() => silu(context, context.fromArray(x, [13])));
    expect(await context.read(y)).toBeAllclose(x.map((value) => value / (1 + Math.exp(-value))));
    y.release();
  });

  it('differentiates and releases everything', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const x = { shape: [5, 7], values: testNumbers(35, 2, 3) };
    await checkGradients(context, { x }, (inputs) => silu(context, inputs.x!));
    expect(context.memory.used).toBe(before);
  });
});
