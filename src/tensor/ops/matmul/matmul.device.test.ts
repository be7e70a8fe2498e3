import { describe, expect, it } from 'vitest';
import { testContext } from '../../../testing/device.ts';
import { checkGradients, testNumbers } from '../../../testing/gradients.ts';
import {
  checkProduct,
  EVEN,
  LONG,
  ODD,
  productReference,
  type Shape,
  TRANSPOSITIONS,
} from '../../../testing/products.ts';
import { MatmulShapeError } from './errors.ts';
import { gemm } from './gemm.ts';
import { matmul } from './matmul.ts';

describe('matmul', () => {
  it.each(
    TRANSPOSITIONS,
  )('does remainders, bias, addend and long inner dimensions: %o', async (transposition) => {
    const context = await testContext();
    const before = context.memory.used;
    for (const shape of [[7, 9, 5], ODD, EVEN, LONG, [269, 20, 12]] as Shape[]) {
      await checkProduct(context, shape, transposition);
    }
    expect(context.memory.used).toBe(before);
  });

  it('multiplies batches, also with one operand shared', async () => {
    const context = await testContext();
    const [batch, m, n, k] = [3, 5, 6, 7];
    const a = testNumbers(batch * m * k, 1);
    const b = testNumbers(batch * k * n, 2);
    const part = (x: Float32Array, i: number, size: number) => x.subarray(i * size, (i + 1) * size);
    for (const { ta, tb } of TRANSPOSITIONS) {
      for (const shared of ['none', 'a', 'b']) {
        const y = context.scope(() => {
          const aShape = ta ? [k, m] : [m, k];
          const bShape = tb ? [n, k] : [k, n];
          return matmul(
            context,
            shared === 'a'
              ? context.fromArray(part(a, 0, m * k), aShape)
              : context.fromArray(a, [batch, ...aShape]),
            shared === 'b'
              ? context.fromArray(part(b, 0, k * n), bShape)
              : context.fromArray(b, [batch, ...bShape]),
            { transposeA: ta, transposeB: tb },
          );
        });
        expect(y.shape).toEqual([batch, m, n]);
        const expected = Array.from({ length: batch }, (_, i) => [
          ...productReference(
            part(a, shared === 'a' ? 0 : i, m * k),
            part(b, shared === 'b' ? 0 : i, k * n),
            [m, n, k],
            {
              ta,
              tb,
            },
          ),
        ]).flat();
        expect(await context.read(y), `${shared} shared, ${ta} ${tb}`).toBeAllclose(expected, { atol: 1e-5 });
        y.release();
      }
    }
  });

  it.each(TRANSPOSITIONS)('differentiates: %o', async ({ ta, tb }) => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(
      context,
      {
        a: { shape: ta ? [5, 6] : [6, 5], values: testNumbers(30, 1) },
        b: { shape: tb ? [7, 5] : [5, 7], values: testNumbers(35, 2) },
        bias: { shape: [7], values: testNumbers(7, 3) },
        addend: { shape: [6, 7], values: testNumbers(42, 4) },
      },
      ({ a, b, bias, addend }) =>
        matmul(context, a!, b!, { transposeA: ta, transposeB: tb, bias, addend, alpha: 0.7 }),
      { samples: 8 },
    );
    expect(context.memory.used).toBe(before);
  });

  it.each(TRANSPOSITIONS)('differentiates batches with and without sharing: %o', async ({ ta, tb }) => {
    const context = await testContext();
    for (const [leadA, leadB] of [
      [[2], [2]],
      [[2], []],
      [[], [2]],
    ]) {
      // prettier-ignore
      await checkGradients(
        context,
        {
          a: {
            shape: [...leadA!, ...(ta ? [3, 5] : [5, 3])],
            values: testNumbers(leadA!.length ? 30 : 15, 1),
          },
          b: {
            shape: [...leadB!, ...(tb ? [4, 3] : [3, 4])],
            values: testNumbers(leadB!.length ? 24 : 12, 2),
          },
        },
        ({ a, b }) => matmul(context, a!, b!, { transposeA: ta, transposeB: tb }),
        { samples: 6 },
      );
    }
  });

  it('keeps nothing and computes no gradient for frozen operands', async () => {
    const context = await testContext();
    const x = context.fromArray(testNumbers(6, 1), [2, 3]);
    const w = context.fromArray(testNumbers(12, 2), [3, 4]);
    x.requiresGrad = true;
    context.backward(() => matmul(context, x, w)).release();
    expect(x.grad).toBeDefined();
    expect(w.grad).toBeUndefined();
    x.grad!.release();
    x.release();
    w.release();
  });

  it('names the shapes that do not fit', async () => {
    const context = await testContext();
    const [a, b] = [context.zeros([2, 3]), context.zeros([4, 5])];
    expect(() => matmul(context, a, b)).toThrow(MatmulShapeError);
    expect(() => matmul(context, a, b)).toThrow('[2,3] × [4,5]: inner dimensions 3 and 4 differ');
    a.release();
    b.release();
  });
});

describe('gemm', () => {
  it.each([
    { m: 9, n: 5, columns: 7, stackB: 3 },
    { m: 6, n: 8, columns: 12, stackB: 4 },
    { m: 6, n: 8, columns: 12, stackB: 1 },
  ])('reads B as a stack of transposed matrices: %o', async ({ m, n, columns, stackB }) => {
    const context = await testContext();
    const before = context.memory.used;
    const k = columns * stackB;
    const a = testNumbers(m * k, 1);
    const b = testNumbers(n * k, 2);
    const c = context.scope(() => {
      const c = context.empty([m, n]);
      const problem = {
        ...{ m, n, k, batch: 1, transposeA: false, transposeB: true, stackB },
        ...{ lda: k, ldb: columns, ldc: n, strideA: 0, strideB: 0, strideC: m * n },
      };
      const operands = { a: context.fromArray(a, [m, k]), b: context.fromArray(b, [stackB, n, columns]) };
      gemm(context, problem, { ...operands, c, alpha: 1 });
      return c;
    });
    // Row l of op(B) is column l of the stack's matrix that it falls into.
    const flat = Float32Array.from({ length: k * n }, (_, i) => {
      const [l, j] = [Math.floor(i / n), i % n];
      return b[(Math.floor(l / columns) * n + j) * columns + (l % columns)]!;
    });
    expect(await context.read(c)).toBeAllclose(productReference(a, flat, [m, n, k]), { atol: 1e-5 });
    c.release();
    expect(context.memory.used).toBe(before);
  });
});
