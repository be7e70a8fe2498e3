import { afterEach, describe, expect, it } from 'vitest';
import { testContext } from '../../../testing/device.ts';
import { checkGradients, testNumbers } from '../../../testing/gradients.ts';
import type { Context } from '../../context.ts';
import { MatmulShapeError } from './errors.ts';
import { matmul } from './matmul.ts';
import { forceMatmulVariant, type MatmulVariant } from './plan.ts';
import { TILES, type TileName } from './tiles.ts';

/** m, n, k */
type Shape = [number, number, number];
/** Whether A and B are stored transposed. */
type Transposition = { ta: boolean; tb: boolean };

/** Row-major reference: C[m][n] = alpha Σ_k A·B + bias + addend for one batch entry. */
function reference(
  a: Float32Array,
  b: Float32Array,
  [m, n, k]: Shape,
  { ta = false, tb = false, alpha = 1, bias = [] as ArrayLike<number> } = {},
): Float32Array {
  const c = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a[ta ? l * m + i : i * k + l]! * b[tb ? j * k + l : l * n + j]!;
      c[i * n + j] = alpha * sum + (bias[j] ?? 0);
    }
  }
  return c;
}

const CASES = [
  { ta: false, tb: false },
  { ta: false, tb: true },
  { ta: true, tb: false },
  { ta: true, tb: true },
];

async function product(context: Context, [m, n, k]: Shape, { ta, tb }: Transposition): Promise<void> {
  const a = testNumbers(m * k, 1);
  const b = testNumbers(k * n, 2);
  const bias = testNumbers(n, 3);
  const addend = testNumbers(m * n, 4);
  const y = context.scope(() =>
    matmul(context, context.fromArray(a, ta ? [k, m] : [m, k]), context.fromArray(b, tb ? [n, k] : [k, n]), {
      transposeA: ta,
      transposeB: tb,
      bias: context.fromArray(bias, [n]),
      addend: context.fromArray(addend, [m, n]),
      alpha: 0.5,
    }),
  );
  const expected = reference(a, b, [m, n, k], { ta, tb, alpha: 0.5, bias }).map((v, i) => v + addend[i]!);
  expect(await context.read(y), `${[m, n, k]} ${ta} ${tb}`).toBeAllclose(expected, {
    atol: 1e-5 * Math.sqrt(k),
    rtol: 1e-5,
  });
  y.release();
}

const tiled = (tile: TileName): MatmulVariant => ({ kind: 'tiled', tile: TILES[tile] });

/** Shapes beside the tile size: rows of no multiple of four (element by element), rows that are one (vec4). */
const ODD: Shape = [133, 70, 37];
const EVEN: Shape = [36, 132, 68];
const LONG: Shape = [12, 8, 1031];

describe('matmul kernels', () => {
  afterEach(async () => forceMatmulVariant(await testContext(), undefined));

  it.each(CASES)('direct: remainders, bias, addend, long inner dimensions: %o', async (transposition) => {
    const context = await testContext();
    forceMatmulVariant(context, { kind: 'direct', quads: false });
    const before = context.memory.used;
    const sixteenRows: Shape = [269, 20, 12];
    for (const shape of [[7, 9, 5], ODD, EVEN, LONG, sixteenRows] as Shape[]) {
      await product(context, shape, transposition);
    }
    expect(context.memory.used).toBe(before);
  });

  it.each(
    CASES,
  )('direct, in quads: remainders, bias, addend, long inner dimensions: %o', async (transposition) => {
    const context = await testContext();
    // The kernel needs subgroups; SwiftShader has them.
    expect(context.gpu.adapter.features).toContain('subgroups');
    forceMatmulVariant(context, { kind: 'direct', quads: true });
    const thirtyTwoRows: Shape = [269, 20, 12];
    for (const shape of [[7, 9, 5], ODD, EVEN, LONG, thirtyTwoRows] as Shape[]) {
      await product(context, shape, transposition);
    }
  });

  it.each(CASES)('tiled: remainders, bias, addend: %o', async (transposition) => {
    const context = await testContext();
    forceMatmulVariant(context, tiled('medium'));
    await product(context, ODD, transposition);
    await product(context, EVEN, transposition);
  });

  // Compiling for a software adapter takes a second a tile; the cases take turns.
  it.each(
    (Object.keys(TILES) as TileName[]).map((name, i): [TileName, Transposition] => [name, CASES[i % 4]!]),
  )('tile %s', async (name, transposition) => {
    const context = await testContext();
    forceMatmulVariant(context, tiled(name));
    await product(context, [140, 136, 52], transposition);
  });

  it('tiled: splits a long inner dimension', async () => {
    const context = await testContext();
    forceMatmulVariant(context, tiled('small'));
    await product(context, LONG, CASES[2]!);
  });
});

describe('matmul', () => {
  it('multiplies batches, also with one operand shared', async () => {
    const context = await testContext();
    const [batch, m, n, k] = [3, 5, 6, 7];
    const a = testNumbers(batch * m * k, 1);
    const b = testNumbers(batch * k * n, 2);
    const part = (x: Float32Array, i: number, size: number) => x.subarray(i * size, (i + 1) * size);
    for (const { ta, tb } of CASES) {
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
          ...reference(
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

  it.each(CASES)('differentiates: %o', async ({ ta, tb }) => {
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

  it.each(CASES)('differentiates batches with and without sharing: %o', async ({ ta, tb }) => {
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
