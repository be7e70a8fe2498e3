import { describe, expect, it } from 'vitest';
import { kernelChoices, testContext, useKernels } from '../../../testing/device.ts';
import { testNumbers } from '../../../testing/gradients.ts';
import { testHalves } from '../../../testing/halves.ts';
import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { conv2d } from '../conv2d/conv2d.ts';
import { gelu } from '../gelu.ts';
import { matmul } from './matmul.ts';

/** Result and gradient of x of an op with a frozen weight. */
async function run(context: Context, xShape: number[], op: (x: Tensor) => Tensor) {
  const size = xShape.reduce((a, b) => a * b);
  const x = context.fromArray(testNumbers(size, 1), xShape);
  x.requiresGrad = true;
  const y = context.backward(() => op(x));
  const result = { y: await context.read(y), dx: await context.read(x.grad!) };
  for (const tensor of [y, x.grad!, x]) tensor.release();
  return result;
}

describe.each(kernelChoices('matmul'))('f16 weights, $name', (choice) => {
  useKernels(choice);

  async function compare(
    xShape: number[],
    weightShape: number[],
    op: (context: Context, x: Tensor, weight: Tensor) => Tensor,
  ): Promise<void> {
    const context = await testContext();
    const before = context.memory.used;
    const { bits, values } = testHalves(
      weightShape.reduce((a, b) => a * b),
      2,
    );
    const half = context.halfTensor(weightShape, bits);
    const full = context.fromArray(values, weightShape);
    try {
      const expected = await run(context, xShape, (x) => op(context, x, full));
      const actual = await run(context, xShape, (x) => op(context, x, half));
      expect(Math.max(...expected.dx.map(Math.abs))).toBeGreaterThan(0.01);
      expect(actual.y).toBeAllclose(expected.y, { rtol: 1e-6, atol: 1e-6 });
      expect(actual.dx).toBeAllclose(expected.dx, { rtol: 1e-6, atol: 1e-6 });
    } finally {
      half.release();
      full.release();
    }
    expect(context.memory.used).toBe(before);
  }

  it.each([
    [9, 20, 36],
    [33, 68, 12],
  ])('x·Wᵀ and dx equal those of the same numbers in f32: %i rows, %i in, %i out', (rows, from, to) =>
    compare([rows, from], [to, from], (context, x, weight) =>
      gelu(context, matmul(context, x, weight, { transposeB: true })),
    ));

  it('x·W too', () =>
    compare([13, 24], [24, 44], (context, x, weight) => gelu(context, matmul(context, x, weight))));

  it.each([1, 2])('and convolutions of stride %i', (stride) =>
    compare([2, 6, 6, 8], [3, 3, 8, 12], (context, x, weight) =>
      gelu(context, conv2d(context, x, weight, { stride, padding: 1 })),
    ));
});

describe('f16 tensors', () => {
  it('are half as large, and refused by kernels that would misread them', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const half = context.halfTensor([64, 64], testHalves(4096, 1).bits);
    expect(context.memory.used - before).toBe(64 * 64 * 2);
    expect(() => gelu(context, half)).toThrow('cannot read f16 [64,64]');
    expect(() => context.write(half, [])).toThrow('cannot be overwritten');
    await expect(context.read(half)).rejects.toThrow('cannot be read back');
    expect(() => context.halfTensor([4, 6])).toThrow('are no fours');
    expect(() => context.halfTensor([4, 8], new Uint16Array(3), 'w')).toThrow(
      'w: 3 numbers do not fill [4,8]',
    );
    half.release();
  });
});
