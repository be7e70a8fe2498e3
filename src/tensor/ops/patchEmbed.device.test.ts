import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { patchEmbed } from './patchEmbed.ts';

const [B, P, C, H, W] = [2, 3, 5, 11, 7];
const pixels = testNumbers(B * 3 * H * W, 1);
const weight = testNumbers(C * 3 * P * P, 2);
const bias = testNumbers(C, 3);

/** A strided convolution by plain loops; H = 11 and W = 7 leave lines over, which it does not touch. */
function reference(): number[] {
  const output: number[] = [];
  for (let b = 0; b < B; b++) {
    for (let i = 0; i + P <= H; i += P) {
      for (let j = 0; j + P <= W; j += P) {
        for (let o = 0; o < C; o++) {
          let sum = bias[o]!;
          for (let c = 0; c < 3; c++) {
            for (let u = 0; u < P; u++) {
              for (let v = 0; v < P; v++) {
                sum +=
                  pixels[((b * 3 + c) * H + i + u) * W + j + v]! * weight[((o * 3 + c) * P + u) * P + v]!;
              }
            }
          }
          output.push(sum);
        }
      }
    }
  }
  return output;
}

describe('patchEmbed', () => {
  it('is a convolution with stride p', async () => {
    const context = await testContext();
    const y = context.scope(() =>
      patchEmbed(
        context,
        context.fromArray(pixels, [B, 3, H, W]),
        context.fromArray(weight, [C, 3, P, P]),
        context.fromArray(bias, [C]),
      ),
    );
    expect(y.shape).toEqual([B, 6, C]);
    expect(await context.read(y)).toBeAllclose(reference(), { atol: 1e-5 });
    y.release();
  });

  it('has gradients of weight and bias, none of pixels', async () => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(
      context,
      {
        pixels: { shape: [B, 3, H, W], values: pixels, trainable: false },
        weight: { shape: [C, 3, P, P], values: weight },
        bias: { shape: [C], values: bias },
      },
      ({ pixels, weight, bias }) => patchEmbed(context, pixels!, weight!, bias),
    );
    expect(context.memory.used).toBe(before);
  });

  it('says what does not fit', async () => {
    const context = await testContext();
    const image = context.zeros([1, 3, 4, 2]);
    const kernel = context.zeros([C, 3, P, P]);
    expect(() => patchEmbed(context, image, kernel)).toThrow('smaller than one patch');
    const grey = context.zeros([1, 1, 4, 4]);
    expect(() => patchEmbed(context, grey, kernel)).toThrow('does not fit pixels');
    grey.requiresGrad = true;
    const greyKernel = context.zeros([C, 1, P, P]);
    expect(() => patchEmbed(context, grey, greyKernel)).toThrow('no gradient');
    for (const tensor of [image, kernel, grey, greyKernel]) tensor.release();
  });
});
