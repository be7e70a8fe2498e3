import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { groupNorm } from './groupNorm.ts';

const CASES = [
  { shape: [2, 5, 7, 12], groups: 4, silu: false },
  { shape: [2, 5, 7, 12], groups: 4, silu: true },
  { shape: [1, 3, 3, 20], groups: 4, silu: true },
  { shape: [3, 16, 17, 8], groups: 2, silu: false },
  { shape: [1, 2, 2, 4], groups: 4, silu: true },
];

function reference(
  x: Float32Array,
  [images, height, width, channels]: number[],
  groups: number,
  gamma: Float32Array,
  beta: Float32Array,
  silu: boolean,
  epsilon: number,
): number[] {
  const y = new Array<number>(x.length);
  const pixels = height! * width!;
  const size = channels! / groups;
  for (let n = 0; n < images!; n++) {
    for (let g = 0; g < groups; g++) {
      const at: number[] = [];
      for (let p = 0; p < pixels; p++)
        for (let j = 0; j < size; j++) at.push((n * pixels + p) * channels! + g * size + j);
      const mean = at.reduce((sum, i) => sum + x[i]!, 0) / at.length;
      const variance = at.reduce((sum, i) => sum + (x[i]! - mean) ** 2, 0) / at.length;
      for (const i of at) {
        const c = i % channels!;
        const z = ((x[i]! - mean) / Math.sqrt(variance + epsilon)) * gamma[c]! + beta[c]!;
        y[i] = silu ? z / (1 + Math.exp(-z)) : z;
      }
    }
  }
  return y;
}

describe('groupNorm', () => {
  it.each(CASES)('equals plain loops: $shape, $groups groups, SiLU $silu', async ({
    shape,
    groups,
    silu,
  }) => {
    const context = await testContext();
    const size = shape.reduce((a, b) => a * b);
    const channels = shape[3]!;
    // A mean far from zero: a sum of squares in f32 would lose the variance.
    const x = testNumbers(size, 1).map((value, i) => value + 200 * (i % channels));
    const gamma = testNumbers(channels, 2);
    const beta = testNumbers(channels, 3);
    const y = context.scope(() =>
      groupNorm(
        context,
        context.fromArray(x, shape),
        context.fromArray(gamma, [channels]),
        context.fromArray(beta, [channels]),
        { groups, silu, epsilon: 1e-6 },
      ),
    );
    const expected = reference(x, shape, groups, gamma, beta, silu, 1e-6);
    expect(await context.read(y)).toBeAllclose(expected, { atol: 5e-4 });
    y.release();
  });

  it.each(CASES)('differentiates $shape, $groups groups, SiLU $silu', async ({ shape, groups, silu }) => {
    const context = await testContext();
    const before = context.memory.used;
    const channels = shape[3]!;
    await checkGradients(
      context,
      {
        x: {
          shape,
          values: testNumbers(
            shape.reduce((a, b) => a * b),
            4,
            2,
          ),
        },
        gamma: { shape: [channels], values: testNumbers(channels, 5).map((value) => value + 1.5) },
        beta: { shape: [channels], values: testNumbers(channels, 6) },
      },
      ({ x, gamma, beta }) => groupNorm(context, x!, gamma!, beta!, { groups, silu, epsilon: 1e-5 }),
    );
    expect(context.memory.used).toBe(before);
  });

  it('names what does not fit', async () => {
    const context = await testContext();
    context.scope(() => {
      const gamma = context.zeros([8]);
      const x = context.zeros([1, 2, 2, 8]);
      expect(() => groupNorm(context, x, gamma, gamma, { groups: 3 })).toThrow('3 groups');
      return undefined;
    });
  });
});
