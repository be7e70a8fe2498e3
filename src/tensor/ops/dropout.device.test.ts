import { describe, expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { DropoutRangeError, dropout } from './dropout.ts';
import { fill } from './fill.ts';

describe('dropout', () => {
  it('keeps the elements that the CPU generator keeps, also with seeds and streams above 32 bits', async () => {
    const context = await testContext();
    const values = testNumbers(1037, 1);
    for (const [p, seed, offset] of [
      [0.3, 7, 0],
      [0.5, 2 ** 40 + 12345, 2 ** 35 + 6],
      [0.9, 0, 4294967295],
    ] as const) {
      const y = context.scope(() =>
        dropout(context, context.fromArray(values, [17, 61]), p, { seed, offset }),
      );
      const random = new Philox(seed, offset);
      const expected = values.map((value) => (random.next() >= p ? value / (1 - p) : 0));
      expect(await context.read(y)).toBeAllclose(expected, { rtol: 1e-6, atol: 0 });
      y.release();
    }
  });

  it('zeroes the wanted share, differs from stream to stream and repeats itself', async () => {
    const context = await testContext();
    const count = 100_000;
    const draw = async (offset: number) => {
      const y = context.scope(() => dropout(context, fill(context, [count], 1), 0.3, { seed: 42, offset }));
      const values = await context.read(y);
      y.release();
      return values;
    };
    const [first, second, again] = [await draw(1), await draw(2), await draw(1)];
    expect(again).toEqual(first);
    const kept = first.filter((value) => value !== 0).length / count;
    const both = first.filter((value, i) => value !== 0 && second[i] !== 0).length / count;
    // Five standard deviations of a binomial share.
    expect(Math.abs(kept - 0.7)).toBeLessThan(5 * Math.sqrt(0.21 / count));
    expect(Math.abs(both - 0.49)).toBeLessThan(5 * Math.sqrt(0.25 / count));
  });

  it('differentiates with the same mask and releases everything', async () => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(context, { x: { shape: [5, 7], values: testNumbers(35, 3) } }, ({ x }) =>
      dropout(context, x!, 0.4, { seed: 3, offset: 9 }),
    );
    expect(context.memory.used).toBe(before);
  });

  it('is the identity at zero and refuses impossible probabilities', async () => {
    const context = await testContext();
    const x = context.zeros([4]);
    expect(dropout(context, x, 0, { seed: 1, offset: 1 })).toBe(x);
    for (const p of [1, -0.1, Number.NaN]) {
      expect(() => dropout(context, x, p, { seed: 1, offset: 1 })).toThrow(DropoutRangeError);
    }
    x.release();
  });
});
