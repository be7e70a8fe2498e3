import { describe, expect, it } from 'vitest';
import { kernelChoices, testContext, useKernels } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { ShapeError } from '../errors.ts';
import { normalizeTokens } from './normalizeRows.ts';
import { similarityMap, tokenAt } from './similarityMap.ts';

describe.each(kernelChoices('rows'))('similarityMap, $name', (choice) => {
  useKernels(choice);

  for (const [images, count, channels] of [
    [1, 1, 3],
    [3, 7, 5],
    [2, 37, 132],
  ] as const) {
    it(`gives the product with each token of [${images}, ${count}, ${channels}]`, async () => {
      const context = await testContext();
      const before = context.memory.used;
      const values = testNumbers(images * count * channels, count);
      const query = testNumbers(channels, 2);
      const expected = Array.from({ length: images * count }, (_, row) =>
        query.reduce((sum, value, c) => sum + value * values[row * channels + c]!, 0),
      );
      const map = context.scope(() =>
        similarityMap(
          context,
          context.fromArray(values, [images, count, channels]),
          context.fromArray(query, [channels]),
        ),
      );
      expect(map.shape).toEqual([images, count]);
      expect(await context.read(map)).toBeAllclose(expected, { atol: 2e-6 });
      map.release();
      expect(context.memory.used).toBe(before);
    });
  }

  it('is 1 where a cached token meets itself and the cosine elsewhere', async () => {
    const context = await testContext();
    const tokens = context.fromArray([9, 9, 3, 4, 0, 2, 9, 9, -3, -4, 5, 0], [2, 3, 2]);
    const cached = normalizeTokens(context, tokens, 1);
    const query = tokenAt(context, cached, 1, 0);
    const map = similarityMap(context, cached, query);
    expect(await context.read(map)).toBeAllclose([-1, -0.8, 1, -0.6]);
    expect(() => tokenAt(context, cached, 1, 2)).toThrow(ShapeError);
    expect(() => tokenAt(context, cached, 2, 0)).toThrow('no token 0 of image 2 in [2,2,2]');
    expect(() => similarityMap(context, cached, map)).toThrow(ShapeError);
    for (const tensor of [tokens, cached, query, map]) tensor.release();
  });
});
