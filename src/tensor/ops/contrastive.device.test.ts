import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { ShapeError } from '../errors.ts';
import { hinge } from './hinge.ts';
import { infoNce } from './infoNce.ts';
import { multiPositive } from './multiPositive.ts';

/** Rows of unit length, in double precision. */
function unitRows(values: Float32Array, columns: number): number[][] {
  const rows: number[][] = [];
  for (let first = 0; first < values.length; first += columns) {
    const row = [...values.subarray(first, first + columns)];
    const norm = Math.hypot(...row);
    rows.push(row.map((value) => value / norm));
  }
  return rows;
}

const product = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The formulas of the docstrings as plain loops; e^{1/.07} needs no care in double precision. */
const references = {
  infoNce(q: number[][], p: number[][], n: number[][], tau: number) {
    return mean(
      q.flatMap((anchor) => {
        const against = n.reduce((sum, row) => sum + Math.exp(product(anchor, row) / tau), 0);
        return p.map((row) => {
          const support = Math.exp(product(anchor, row) / tau);
          return -Math.log(support / (support + against));
        });
      }),
    );
  },
  multiPositive(q: number[][], p: number[][], n: number[][], tau: number) {
    return mean(
      q.map((anchor) => {
        const against = n.reduce((sum, row) => sum + Math.exp(product(anchor, row) / tau), 0);
        const support = p.reduce((sum, row) => sum + Math.exp(product(anchor, row) / tau), 0);
        return -Math.log(support / (support + against));
      }),
    );
  },
  hinge(q: number[][], p: number[][], n: number[][], margin: number) {
    return mean(
      q.flatMap((a) => p.flatMap((b) => n.map((c) => Math.max(0, margin - product(a, b) + product(a, c))))),
    );
  },
};

/** Anchors, positives and negatives of given counts, as numbers. */
function batch(counts: readonly [number, number, number], channels: number) {
  return counts.map((count, i) => testNumbers(count * channels, 7 * i + count)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
}

describe('losses over all pairs', () => {
  for (const [counts, channels] of [
    [[1, 1, 1], 3],
    [[3, 5, 2], 7],
    [[16, 16, 16], 48],
    [[9, 4, 70], 132],
  ] as const) {
    it(`equals the plain loops for ${counts} rows of ${channels}`, async () => {
      const context = await testContext();
      const before = context.memory.used;
      const values = batch(counts, channels);
      const [q, p, n] = values.map((rows) => unitRows(rows, channels));
      const tensors = values.map((rows, i) => context.fromArray(rows, [counts[i]!, channels]));
      const [a, b, c] = tensors;
      const read = async (loss: ReturnType<typeof infoNce>) => {
        const value = await context.read(loss);
        loss.release();
        return value;
      };
      for (const tau of [0.07, 0.5]) {
        expect(await read(infoNce(context, a!, b!, c!, { tau }))).toBeAllclose(
          [references.infoNce(q!, p!, n!, tau)],
          { rtol: 1e-5 },
        );
        expect(await read(multiPositive(context, a!, b!, c!, { tau }))).toBeAllclose(
          [references.multiPositive(q!, p!, n!, tau)],
          { rtol: 1e-5 },
        );
      }
      expect(await read(hinge(context, a!, b!, c!))).toBeAllclose([references.hinge(q!, p!, n!, 0.05)], {
        rtol: 1e-5,
      });
      for (const tensor of tensors) tensor.release();
      expect(context.memory.used).toBe(before);
    });
  }

  it('takes rows of unit length as they are', async () => {
    const context = await testContext();
    const rows = [
      [1, 0],
      [0.6, 0.8],
      [0, 1],
    ];
    const [q, p, n] = rows.map((row) => context.fromArray(row, [1, 2]));
    const loss = infoNce(context, q!, p!, n!, { tau: 0.5, normalized: true });
    expect(await context.read(loss)).toBeAllclose([Math.log(1 + Math.exp(-1.2))]);
    for (const tensor of [q!, p!, n!, loss]) tensor.release();
  });

  it('stays finite and exact where a triplet is solved or hopeless', async () => {
    const context = await testContext();
    const q = context.fromArray([1, 0, 0, 0], [1, 4]);
    const opposite = context.fromArray([-1, 0, 0, 0], [1, 4]);
    // z = ∓2/τ = ∓100: e^100 overflows f32, and log(1 + e^−40) would be lost next to 1.
    const hopeless = infoNce(context, q, opposite, q, { tau: 0.02 });
    const solved = infoNce(context, q, q, opposite, { tau: 0.05 });
    expect(await context.read(hopeless)).toBeAllclose([100], { rtol: 1e-6 });
    expect(await context.read(solved)).toBeAllclose([Math.exp(-40)], { atol: 0, rtol: 1e-4 });
    for (const tensor of [q, opposite, hopeless, solved]) tensor.release();
  });

  it('refuses rows of different width', async () => {
    const context = await testContext();
    const [q, p] = [context.zeros([2, 3]), context.zeros([2, 4])];
    expect(() => infoNce(context, q, p, q)).toThrow(ShapeError);
    expect(() => infoNce(context, q, p, q)).toThrow('[2,3], [2,4], [2,3]');
    q.release();
    p.release();
  });
});

describe('gradients of the losses', () => {
  const counts = [3, 2, 5] as const;

  function inputs(channels: number, frozen?: string) {
    const [q, p, n] = batch(counts, channels);
    return {
      q: { shape: [3, channels], values: q, trainable: frozen !== 'q' },
      p: { shape: [2, channels], values: p, trainable: frozen !== 'p' },
      n: { shape: [5, channels], values: n, trainable: frozen !== 'n' },
    };
  }

  for (const channels of [7, 8]) {
    it(`agree with finite differences, ${channels} channels`, async () => {
      const context = await testContext();
      const before = context.memory.used;
      const close = { epsilon: 2e-3, rtol: 1e-2, atol: 5e-3 };
      await checkGradients(context, inputs(channels), ({ q, p, n }) => infoNce(context, q!, p!, n!), close);
      await checkGradients(
        context,
        inputs(channels),
        ({ q, p, n }) => multiPositive(context, q!, p!, n!),
        close,
      );
      await checkGradients(
        context,
        inputs(channels),
        ({ q, p, n }) => hinge(context, q!, p!, n!, { margin: 0.3 }),
        close,
      );
      expect(context.memory.used).toBe(before);
    });
  }

  it('cost nothing for frozen sides', async () => {
    const context = await testContext();
    const dispatches = async (frozen?: string) => {
      const tensors = Object.entries(inputs(8, frozen)).map(([, { shape, values, trainable }]) => {
        const tensor = context.fromArray(values, shape);
        tensor.requiresGrad = trainable;
        return tensor;
      });
      const [q, p, n] = tensors;
      const before = context.backend.counts.dispatches;
      context.backward(() => infoNce(context, q!, p!, n!, { normalized: true })).release();
      const count = context.backend.counts.dispatches - before;
      for (const tensor of tensors) {
        expect(tensor.grad === undefined).toBe(!tensor.requiresGrad);
        tensor.grad?.release();
        tensor.release();
      }
      return count;
    };
    const all = await dispatches();
    for (const frozen of ['q', 'p', 'n']) expect(await dispatches(frozen)).toBe(all - 1);
  });
});
