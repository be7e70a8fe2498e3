import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { geglu } from './geglu.ts';
import { gelu } from './gelu.ts';

describe('geglu', () => {
  it('is the first half times GELU of the second', async () => {
    const context = await testContext();
    const x = testNumbers(3 * 5 * 24, 1, 4);
    const half = (part: number) => x.filter((_, i) => Math.floor((i % 24) / 12) === part);
    const y = context.scope(() => geglu(context, context.fromArray(x, [3, 5, 24])));
    const gate = context.scope(() => gelu(context, context.fromArray(half(1), [3, 5, 12])));
    const gates = await context.read(gate);
    expect(y.shape).toEqual([3, 5, 12]);
    expect(await context.read(y)).toBeAllclose(half(0).map((value, i) => value * gates[i]!));
    y.release();
    gate.release();
  });

  it('differentiates and releases everything', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const x = { shape: [5, 24], values: testNumbers(120, 2, 2) };
    await checkGradients(context, { x }, (inputs) => geglu(context, inputs.x!));
    expect(context.memory.used).toBe(before);
  });

  it('names a shape it cannot halve', async () => {
    const context = await testContext();
    context.scope(() => {
      expect(() => geglu(context, context.zeros([2, 12]))).toThrow('[2,12]');
      return undefined;
    });
  });
});
