import { describe, expect, it } from 'vitest';
import { kernelChoices, testContext, useKernels } from '../../../testing/device.ts';
import { checkGradients, testNumbers } from '../../../testing/gradients.ts';
import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { attention, attentionFused } from './attention.ts';

interface Case {
  batch: number;
  queries: number;
  keys: number;
  heads: number;
  width: number;
}

const columnsOf = ({ heads, width }: Case) => heads * width;

/** Inputs with scores spread widely enough that the running maximum moves. */
function inputs(shape: Case, spread = 2) {
  const { batch, queries, keys } = shape;
  return {
    q: testNumbers(batch * queries * columnsOf(shape), 1, spread),
    k: testNumbers(batch * keys * columnsOf(shape), 2, spread),
    v: testNumbers(batch * keys * columnsOf(shape), 3),
  };
}

/** Attention of chosen queries by plain loops in f64: rows [batch][query] of H·D numbers, only for `rows`. */
function reference(shape: Case, data: ReturnType<typeof inputs>, rows: number[], causal = false): number[] {
  const { batch, queries, keys, heads, width } = shape;
  const columns = columnsOf(shape);
  const output: number[] = [];
  for (let b = 0; b < batch; b++) {
    for (const row of rows) {
      for (let h = 0; h < heads; h++) {
        const qAt = (b * queries + row) * columns + h * width;
        const scores = Array.from({ length: causal ? row + 1 : keys }, (_, j) => {
          const kAt = (b * keys + j) * columns + h * width;
          let sum = 0;
          for (let d = 0; d < width; d++) sum += data.q[qAt + d]! * data.k[kAt + d]!;
          return sum / Math.sqrt(width);
        });
        const top = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - top));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (let d = 0; d < width; d++) {
          output.push(
            weights.reduce(
              (sum, weight, j) => sum + weight * data.v[(b * keys + j) * columns + h * width + d]!,
              0,
            ) / total,
          );
        }
      }
    }
  }
  return output;
}

function upload(context: Context, shape: Case, data: ReturnType<typeof inputs>): [Tensor, Tensor, Tensor] {
  const { batch, queries, keys } = shape;
  return [
    context.fromArray(data.q, [batch, queries, columnsOf(shape)]),
    context.fromArray(data.k, [batch, keys, columnsOf(shape)]),
    context.fromArray(data.v, [batch, keys, columnsOf(shape)]),
  ];
}

const all = (count: number) => Array.from({ length: count }, (_, i) => i);

// Head widths 12 and 36: not multiples of the eight columns that the tiled kernels share out. The wide ones only where the
// three parts are fused: each of the tiled kernels costs a software adapter seconds of compiling.
describe.each(kernelChoices('attention'))('attention, $name', (choice) => {
  useKernels(choice);
  const width = 12;
  const fusedWidth = 36;
  const columns = 3 * width;

  it.each([
    { batch: 2, queries: 19, keys: 19, heads: 3, width },
    { batch: 1, queries: 70, keys: 70, heads: 2, width: 64 },
  ])('equals plain loops: $batch × $queries × $keys, $heads heads of $width', async (shape) => {
    const context = await testContext();
    const { heads } = shape;
    const data = inputs(shape);
    const o = context.scope(() => attention(context, ...upload(context, shape, data), { heads }));
    const expected = reference(shape, data, all(shape.queries));
    expect(await context.read(o)).toBeAllclose(expected, { atol: 2e-6, rtol: 2e-5 });
    o.release();
  });

  it('differentiates with keys longer than queries', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const data = inputs({ batch: 2, queries: 7, keys: 39, heads: 3, width }, 1);
    await checkGradients(
      context,
      {
        q: { shape: [2, 7, columns], values: data.q },
        k: { shape: [2, 39, columns], values: data.k },
        v: { shape: [2, 39, columns], values: data.v },
      },
      ({ q, k, v }) => attention(context, q!, k!, v!, { heads: 3 }),
    );
    expect(context.memory.used).toBe(before);
  });

  it('differentiates fused queries, keys and values', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const values = testNumbers(2 * 37 * 9 * fusedWidth, 5);
    await checkGradients(context, { qkv: { shape: [2, 37, 9 * fusedWidth], values } }, ({ qkv }) =>
      attentionFused(context, qkv!, { heads: 3, scale: 0.3 }),
    );
    expect(context.memory.used).toBe(before);
  });

  it('hides later keys where it is causal, and differentiates so', async () => {
    const context = await testContext();
    const shape: Case = { batch: 2, queries: 39, keys: 39, heads: 3, width };
    const data = inputs(shape);
    const o = context.scope(() =>
      attention(context, ...upload(context, shape, data), { heads: 3, causal: true }),
    );
    expect(await context.read(o)).toBeAllclose(reference(shape, data, all(39), true), {
      ...{ atol: 2e-6, rtol: 2e-5 },
    });
    o.release();
    const values = testNumbers(2 * 37 * 3 * columns, 5);
    await checkGradients(context, { qkv: { shape: [2, 37, 3 * columns], values } }, ({ qkv }) =>
      attentionFused(context, qkv!, { heads: 3, scale: 0.3, causal: true }),
    );
  });

  it('stays finite when scores are huge', async () => {
    const context = await testContext();
    const shape: Case = { batch: 1, queries: 9, keys: 23, heads: 1, width };
    const data = inputs(shape, 60);
    const o = context.scope(() => attention(context, ...upload(context, shape, data), { heads: 1 }));
    const expected = reference(shape, data, all(9));
    expect(await context.read(o)).toBeAllclose(expected, { atol: 1e-3, rtol: 1e-3 });
    o.release();
  });
});

describe('attention', () => {
  it('equals plain loops on rows of a long sequence', async () => {
    const context = await testContext();
    const shape: Case = { batch: 1, queries: 1030, keys: 1030, heads: 1, width: 12 };
    const data = inputs(shape);
    const o = context.scope(() => attention(context, ...upload(context, shape, data), { heads: 1 }));
    const values = await context.read(o);
    o.release();
    const rows = [0, 1, 511, 777, 1028, 1029];
    const chosen = rows.flatMap((row) => [...values.subarray(row * 12, (row + 1) * 12)]);
    expect(chosen).toBeAllclose(reference(shape, data, rows), { atol: 2e-6, rtol: 2e-5 });
  });

  it('gives frozen inputs no gradient', async () => {
    const context = await testContext();
    const make = () => context.fromArray(testNumbers(5 * 12, 9), [1, 5, 12]);
    const [q, k, v] = [make(), make(), make()];
    v.requiresGrad = true;
    const seed = make();
    context.backward(() => attention(context, q, k, v, { heads: 1 }), seed).release();
    expect(q.grad ?? k.grad).toBeUndefined();
    expect(v.grad).toBeDefined();
    for (const tensor of [v.grad!, q, k, v, seed]) tensor.release();
  });

  it('refuses shapes it cannot do, saying which', async () => {
    const context = await testContext();
    const x = context.zeros([1, 5, 24]);
    expect(() => attention(context, x, x, x, { heads: 4 })).toThrow('24 columns over 4 heads');
    const short = context.zeros([1, 4, 24]);
    expect(() => attention(context, x, x, short, { heads: 3 })).toThrow('differ in length');
    x.release();
    short.release();
  });
});
