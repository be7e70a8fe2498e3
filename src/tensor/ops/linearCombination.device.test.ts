import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { linearCombination, type Term } from './linearCombination.ts';

describe('linearCombination', () => {
  it.each([1, 2, 5, 7])('adds up %i tensors', async (count) => {
    const context = await testContext();
    const before = context.memory.used;
    const values = Array.from({ length: count }, (_, i) => testNumbers(15, i + 1));
    const y = context.scope(() =>
      linearCombination(
        context,
        values.map((x, i): Term => [i - 1.5, context.fromArray(x, [3, 5])]),
      ),
    );
    const expected = Array.from({ length: 15 }, (_, at) =>
      values.reduce((sum, x, i) => sum + (i - 1.5) * x[at]!, 0),
    );
    expect(y.shape).toEqual([3, 5]);
    expect(await context.read(y)).toBeAllclose(expected, { atol: 1e-6 });
    y.release();
    expect(context.memory.used).toBe(before);
  });

  it('says what it cannot add', async () => {
    const context = await testContext();
    context.scope(() => {
      const x = context.zeros([4]);
      expect(() => linearCombination(context, [])).toThrow('0 terms');
      expect(() => linearCombination(context, Array<Term>(8).fill([1, x]))).toThrow('8 terms');
      expect(() =>
        linearCombination(context, [
          [1, x],
          [1, context.zeros([5])],
        ]),
      ).toThrow('[5]');
      return undefined;
    });
  });
});
