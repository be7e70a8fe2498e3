import { describe, expect, it } from 'vitest';
import { Philox } from '../random/philox.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { testContext } from '../testing/device.ts';
import { checkGradients, testNumbers } from '../testing/gradients.ts';
import { linear } from './linear.ts';
import { loraLinear } from './lora.ts';
import { LoraShapeError } from './loraProblems.ts';
import { createLoraWeights } from './loraWeights.ts';

/** Sizes of the test layer: x [2, 5, 6], weight [9, 6], rank 2, and how many A there are. */
const INPUT = 6;
const OUTPUT = 9;
const RANK = 2;
const SHAPE = [2, 5, INPUT];

const X = testNumbers(60, 1);
const WEIGHT = testNumbers(OUTPUT * INPUT, 2);
const BIAS = testNumbers(OUTPUT, 3);
const B = testNumbers(OUTPUT * RANK, 5);
const A_OF = (groups: number) => testNumbers(groups * RANK * INPUT, 4);

/** The formula with plain loops; `x` drops to `dropped` on the low-rank path. */
function reference(groups: number, dropped: ArrayLike<number>, scale: number): number[] {
  const a = A_OF(groups);
  const y: number[] = [];
  for (let row = 0; row < 10; row++) {
    for (let o = 0; o < OUTPUT; o++) {
      const part = Math.floor(o / (OUTPUT / groups));
      let sum = BIAS[o]!;
      for (let i = 0; i < INPUT; i++) {
        sum += X[row * INPUT + i]! * WEIGHT[o * INPUT + i]!;
        for (let r = 0; r < RANK; r++) {
          sum +=
            scale * B[o * RANK + r]! * a[(part * RANK + r) * INPUT + i]! * Number(dropped[row * INPUT + i]);
        }
      }
      y.push(sum);
    }
  }
  return y;
}

describe('loraLinear', () => {
  it.each([1, 3])('computes the formula, dropped and not, with %i A matrices', async (groups) => {
    const context = await testContext();
    const before = context.memory.used;
    const run = async (dropout?: { p: number; seed: number; offset: number }) => {
      const y = context.scope(() =>
        loraLinear(context, {
          x: context.fromArray(X, SHAPE),
          weight: context.fromArray(WEIGHT, [OUTPUT, INPUT]),
          bias: context.fromArray(BIAS, [OUTPUT]),
          lora: {
            a: context.fromArray(A_OF(groups), [groups * RANK, INPUT]),
            b: context.fromArray(B, [OUTPUT, RANK]),
            scale: 0.7,
          },
          dropout,
        }),
      );
      expect(y.shape).toEqual([2, 5, OUTPUT]);
      const values = await context.read(y);
      y.release();
      return values;
    };
    expect(await run()).toBeAllclose(reference(groups, X, 0.7), { atol: 1e-5 });
    const random = new Philox(11, 4);
    const dropped = X.map((value) => (random.next() >= 0.3 ? value / 0.7 : 0));
    expect(await run({ p: 0.3, seed: 11, offset: 4 })).toBeAllclose(reference(groups, dropped, 0.7), {
      atol: 1e-5,
    });
    expect(context.memory.used).toBe(before);
  });

  it.each([
    [1, 0],
    [1, 0.3],
    [3, 0],
    [3, 0.3],
  ])('differentiates with %i A matrices and dropout %f', async (groups, p) => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(
      context,
      {
        x: { shape: SHAPE, values: X },
        weight: { shape: [OUTPUT, INPUT], values: WEIGHT },
        bias: { shape: [OUTPUT], values: BIAS },
        a: { shape: [groups * RANK, INPUT], values: A_OF(groups) },
        b: { shape: [OUTPUT, RANK], values: B },
      },
      ({ x, weight, bias, a, b }) =>
        loraLinear(context, {
          x: x!,
          weight: weight!,
          bias,
          lora: { a: a!, b: b!, scale: 0.7 },
          dropout: { p, seed: 5, offset: 2 },
        }),
      { samples: 8 },
    );
    expect(context.memory.used).toBe(before);
  });

  it('starts as the layer it updates, and only A and B get gradients', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const x = context.fromArray(X, SHAPE);
    const weight = context.fromArray(WEIGHT, [OUTPUT, INPUT]);
    const bias = context.fromArray(BIAS, [OUTPUT]);
    const sizes = { inFeatures: INPUT, outFeatures: OUTPUT, rank: RANK, groups: 3 };
    const lora = createLoraWeights(context, sizes, 2, new Philox(8));
    const a = await context.read(lora.a);
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(INPUT));
    expect(Math.max(...a) - Math.min(...a)).toBeGreaterThan(1.5 / Math.sqrt(INPUT));

    const plain = context.scope(() => linear(context, x, weight, bias));
    const updated = context.backward(() => loraLinear(context, { x, weight, bias, lora }));
    expect(await context.read(updated)).toBeAllclose(await context.read(plain), { atol: 1e-6 });
    expect([x.grad, weight.grad, bias.grad]).toEqual([undefined, undefined, undefined]);
    expect(await context.read(lora.a.grad!)).toBeAllclose(new Float32Array(6 * INPUT));
    expect(Math.max(...(await context.read(lora.b.grad!)).map(Math.abs))).toBeGreaterThan(0.01);

    const held: (Tensor | undefined)[] = [x, weight, bias, lora.a, lora.b, lora.a.grad, lora.b.grad];
    for (const tensor of [...held, plain, updated]) tensor?.release();
    expect(context.memory.used).toBe(before);
  });

  it('names the matrices that do not fit', async () => {
    const context = await testContext();
    context.scope(() => {
      const [x, weight, a, b] = [
        [4, 6],
        [9, 6],
        [2, 5],
        [9, 2],
      ].map((shape) => context.zeros(shape));
      expect(() => loraLinear(context, { x: x!, weight: weight!, lora: { a: a!, b: b!, scale: 1 } })).toThrow(
        LoraShapeError,
      );
      return undefined;
    });
  });
});
