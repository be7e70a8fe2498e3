import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { ShapeError } from '../errors.ts';
import { rankingAccuracy } from './rankingAccuracy.ts';

describe('rankingAccuracy', () => {
  for (const [triplets, channels] of [
    [1, 3],
    [7, 5],
    [70, 12],
  ] as const) {
    it(`counts the right ones of ${triplets} triplets`, async () => {
      const context = await testContext();
      const before = context.memory.used;
      // Lengths differ by row, so that comparing products instead of cosines would count other triplets.
      const values = [1, 2, 3].map((seed) =>
        testNumbers(triplets * channels, seed + triplets).map(
          (x, i) => x * (1 + (((i / channels) | 0) % 5) * seed),
        ),
      );
      const cosine = (a: Float32Array, b: Float32Array, row: number) => {
        const pick = (x: Float32Array) => [...x.subarray(row * channels, (row + 1) * channels)];
        const [u, v] = [pick(a), pick(b)];
        return u.reduce((sum, x, i) => sum + x * v[i]!, 0) / Math.hypot(...u) / Math.hypot(...v);
      };
      const [q, p, n] = values;
      let right = 0;
      for (let row = 0; row < triplets; row++) if (cosine(q!, p!, row) > cosine(q!, n!, row)) right++;
      const tensors = values.map((x) => context.fromArray(x, [triplets, channels]));
      const accuracy = rankingAccuracy(context, tensors[0]!, tensors[1]!, tensors[2]!);
      expect(await context.read(accuracy)).toBeAllclose([right / triplets]);
      for (const tensor of [...tensors, accuracy]) tensor.release();
      expect(context.memory.used).toBe(before);
    });
  }

  it('counts a tie as wrong', async () => {
    const context = await testContext();
    const x = context.fromArray([1, 2, 3], [1, 3]);
    const accuracy = rankingAccuracy(context, x, x, x);
    expect(await context.read(accuracy)).toBeAllclose([0]);
    x.release();
    accuracy.release();
  });

  it('refuses unequal counts', async () => {
    const context = await testContext();
    const [x, y] = [context.zeros([2, 3]), context.zeros([3, 3])];
    expect(() => rankingAccuracy(context, x, x, y)).toThrow(ShapeError);
    x.release();
    y.release();
  });
});
