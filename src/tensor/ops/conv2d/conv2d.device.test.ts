import { describe, expect, it } from 'vitest';
import { type KernelChoice, kernelChoices, testContext, useKernels } from '../../../testing/device.ts';
import { checkGradients, testNumbers } from '../../../testing/gradients.ts';
import { conv2d } from './conv2d.ts';

interface Case {
  x: [number, number, number, number];
  kernel: [number, number];
  outChannels: number;
  stride: number;
  padding: number;
}

const CASES: Case[] = [
  { x: [2, 5, 7, 4], kernel: [3, 3], outChannels: 8, stride: 1, padding: 1 },
  { x: [1, 7, 6, 8], kernel: [3, 3], outChannels: 4, stride: 2, padding: 1 },
  { x: [2, 8, 8, 12], kernel: [3, 3], outChannels: 20, stride: 2, padding: 1 },
  { x: [3, 4, 3, 4], kernel: [1, 1], outChannels: 12, stride: 1, padding: 0 },
  { x: [1, 6, 9, 4], kernel: [2, 3], outChannels: 4, stride: 1, padding: 0 },
];

/** For kernels that compile for seconds on a software adapter. */
const FEW_CASES: Case[] = [{ x: [2, 6, 5, 8], kernel: [3, 3], outChannels: 36, stride: 2, padding: 1 }];

/** The definition with plain loops. */
function reference(
  { x, kernel, outChannels, stride, padding }: Case,
  values: Float32Array,
  weight: Float32Array,
) {
  const [images, height, width, channels] = x;
  const [kernelHeight, kernelWidth] = kernel;
  const outHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  const y: number[] = [];
  for (let n = 0; n < images; n++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        for (let o = 0; o < outChannels; o++) {
          let sum = 0;
          for (let i = 0; i < kernelHeight; i++) {
            for (let j = 0; j < kernelWidth; j++) {
              const [down, across] = [row * stride + i - padding, column * stride + j - padding];
              if (down < 0 || across < 0 || down >= height || across >= width) continue;
              for (let c = 0; c < channels; c++) {
                const at = ((n * height + down) * width + across) * channels + c;
                sum += values[at]! * weight[((i * kernelWidth + j) * channels + c) * outChannels + o]!;
              }
            }
          }
          y.push(sum);
        }
      }
    }
  }
  return { y, shape: [images, outHeight, outWidth, outChannels] };
}

const inputs = ({ x, kernel, outChannels }: Case) => ({
  values: testNumbers(x[0] * x[1] * x[2] * x[3], 1),
  weight: testNumbers(kernel[0] * kernel[1] * x[3] * outChannels, 2),
  weightShape: [...kernel, x[3], outChannels],
});

const RUNS: [string, KernelChoice, Case[]][] = [
  ...kernelChoices('matmul').map((choice): (typeof RUNS)[number] => [choice.name, choice, CASES]),
  ...kernelChoices('wide matmul').map((choice): (typeof RUNS)[number] => [choice.name, choice, FEW_CASES]),
];

describe.each(RUNS)('conv2d, %s', (_, choice, cases) => {
  useKernels(choice);

  it.each(cases)('computes $x with $kernel, stride $stride, padding $padding', async (item) => {
    const context = await testContext();
    const { values, weight, weightShape } = inputs(item);
    const expected = reference(item, values, weight);
    const addend = testNumbers(expected.y.length, 4);
    const bias = testNumbers(item.outChannels, 3);
    const y = context.scope(() =>
      conv2d(context, context.fromArray(values, item.x), context.fromArray(weight, weightShape), {
        ...{ stride: item.stride, padding: item.padding },
        ...{
          bias: context.fromArray(bias, [item.outChannels]),
          addend: context.fromArray(addend, expected.shape),
        },
      }),
    );
    expect(y.shape).toEqual(expected.shape);
    const full = expected.y.map((value, i) => value + bias[i % item.outChannels]! + addend[i]!);
    expect(await context.read(y)).toBeAllclose(full, { atol: 2e-5 });
    y.release();
  });

  it.each(cases)('differentiates $x with $kernel, stride $stride, padding $padding', async (item) => {
    const context = await testContext();
    const before = context.memory.used;
    const { values, weight, weightShape } = inputs(item);
    const { shape, y } = reference(item, values, weight);
    await checkGradients(
      context,
      {
        x: { shape: item.x, values },
        weight: { shape: weightShape, values: weight },
        bias: { shape: [item.outChannels], values: testNumbers(item.outChannels, 3) },
        addend: { shape, values: testNumbers(y.length, 4) },
      },
      ({ x, weight, bias, addend }) =>
        conv2d(context, x!, weight!, { bias, addend, stride: item.stride, padding: item.padding }),
      { samples: 10 },
    );
    expect(context.memory.used).toBe(before);
  });
});

describe('conv2d', () => {
  it('names what does not fit', async () => {
    const context = await testContext();
    context.scope(() => {
      const x = context.zeros([1, 4, 4, 8]);
      expect(() => conv2d(context, x, context.zeros([3, 3, 4, 8]))).toThrow('[3,3,4,8]');
      expect(() => conv2d(context, context.zeros([1, 4, 4, 6]), context.zeros([3, 3, 6, 8]))).toThrow(
        'multiple of four',
      );
      expect(() => conv2d(context, context.zeros([1, 2, 2, 8]), context.zeros([3, 3, 8, 8]))).toThrow(
        'does not fit images',
      );
      return undefined;
    });
  });
});
