import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { addPerImage } from './addPerImage.ts';
import { upsampleNearest } from './upsampleNearest.ts';

describe('upsampleNearest', () => {
  it('repeats every pixel across and down, image by image', async () => {
    const context = await testContext();
    const shape = [2, 3, 5, 4];
    const values = testNumbers(120, 1);
    const y = context.scope(() => upsampleNearest(context, context.fromArray(values, shape)));
    expect(y.shape).toEqual([2, 6, 10, 4]);
    const expected: number[] = [];
    for (let n = 0; n < 2; n++)
      for (let row = 0; row < 6; row++)
        for (let column = 0; column < 10; column++)
          for (let c = 0; c < 4; c++)
            expected.push(values[((n * 3 + (row >> 1)) * 5 + (column >> 1)) * 4 + c]!);
    expect(await context.read(y)).toBeAllclose(expected);
    y.release();
  });

  it('differentiates', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const x = { shape: [2, 3, 2, 8], values: testNumbers(96, 2) };
    await checkGradients(context, { x }, (inputs) => upsampleNearest(context, inputs.x!));
    expect(context.memory.used).toBe(before);
  });
});

describe('addPerImage', () => {
  it('adds each image its own vector, and differentiates', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const x = testNumbers(2 * 3 * 2 * 4, 1);
    const t = testNumbers(8, 2);
    const y = context.scope(() =>
      addPerImage(context, context.fromArray(x, [2, 3, 2, 4]), context.fromArray(t, [2, 4])),
    );
    const expected = x.map((value, i) => value + t[Math.floor(i / 24) * 4 + (i % 4)]!);
    expect(await context.read(y)).toBeAllclose(expected);
    y.release();
    const inputs = { x: { shape: [2, 3, 2, 4], values: x }, t: { shape: [2, 4], values: t } };
    await checkGradients(context, inputs, ({ x, t }) => addPerImage(context, x!, t!));
    expect(context.memory.used).toBe(before);
  });

  it('names shapes that do not fit', async () => {
    const context = await testContext();
    context.scope(() => {
      const x = context.zeros([2, 3, 2, 4]);
      expect(() => addPerImage(context, x, context.zeros([3, 4]))).toThrow('[3,4]');
      expect(() => upsampleNearest(context, context.zeros([2, 3, 4]))).toThrow('[2,3,4]');
      return undefined;
    });
  });
});
