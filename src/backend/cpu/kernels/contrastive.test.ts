import { describe, expect, it } from 'vitest';
import { onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';
import type { ContrastiveKind } from '../../families/losses.ts';

const row = (values: Float32Array, i: number, columns: number) =>
  [...values.subarray(i * columns, (i + 1) * columns)] as number[];
const product = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const logSumExp = (values: number[]) => {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
};
const softplus = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Loss and dL/d(product) of all anchors, by the formulas. */
function reference(kind: ContrastiveKind, near: number[][], far: number[][], tau: number, margin: number) {
  const [A, P, N] = [near.length, near[0]!.length, far[0]!.length];
  let loss = 0;
  const slopes = near.map((positives, j) => {
    const p = positives.map((s) => s / tau);
    const n = far[j]!.map((s) => s / tau);
    if (kind === 'INFO_NCE') {
      const z = p.map((s) => logSumExp(n) - s);
      for (const value of z) loss += softplus(value) / (A * P);
      const mistaken = z.reduce((sum, value) => sum + sigmoid(value), 0);
      return [
        ...z.map((value) => -sigmoid(value) / (A * P * tau)),
        ...n.map((s) => (Math.exp(s - logSumExp(n)) * mistaken) / (A * P * tau)),
      ];
    }
    if (kind === 'MULTI_POSITIVE') {
      const z = logSumExp(n) - logSumExp(p);
      loss += softplus(z) / A;
      return [
        ...p.map((s) => (-sigmoid(z) * Math.exp(s - logSumExp(p))) / (A * tau)),
        ...n.map((s) => (sigmoid(z) * Math.exp(s - logSumExp(n))) / (A * tau)),
      ];
    }
    const violations = positives.map((s) => far[j]!.map((t) => margin - s + t));
    loss += violations.flat().reduce((sum, v) => sum + Math.max(v, 0), 0) / (A * P * N);
    return [
      ...violations.map((line) => -line.filter((v) => v > 0).length / (A * P * N)),
      ...far[j]!.map((_, k) => violations.filter((line) => line[k]! > 0).length / (A * P * N)),
    ];
  });
  return { loss, slopes };
}

const SHAPES = [
  [1, 1, 1, 1],
  [3, 5, 7, 6],
  [5, 4, 1, 63],
  [8, 1, 257, 65],
  [65, 63, 65, 96],
] as const;
const KINDS = ['INFO_NCE', 'MULTI_POSITIVE', 'HINGE'] as const;

describe('losses over all pairs on the processor', () => {
  it.each(
    KINDS.flatMap((kind) => SHAPES.map((shape) => [kind, ...shape] as const)),
  )('%s of %i anchors, %i positives, %i negatives, width %i', async (kind, A, P, N, C) => {
    const spread = 1.5 / Math.sqrt(C);
    const [q, p, n] = [A, P, N].map((rows, i) => testNumbers(rows * C, i + 1, spread));
    const [tau, margin, slope] = [0.07, 0.1, 1.5];
    const shape = { anchors: A, positives: P, negatives: N, columns: C };
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const inputs = { q: put(q!), p: put(p!), n: put(n!) };
      const made = { loss: room(1), coefficients: room(A * (P + N)) };
      const kernels = cpu.kernels.contrastive;
      kernels.loss({ ...shape, kind, tau, margin }, { ...inputs, ...made });
      const gradient = { ...inputs, coefficients: made.coefficients, dy: put([slope]) };
      const [dq, dp, dn] = [room(A * C), room(P * C), room(N * C)];
      kernels.anchorGradient(shape, { ...gradient, dq });
      kernels.otherGradient({ ...shape, others: P, offset: 0 }, { ...gradient, dx: dp });
      kernels.otherGradient({ ...shape, others: N, offset: P }, { ...gradient, dx: dn });
      return {
        loss: await get(made.loss),
        coefficients: await get(made.coefficients),
        dq: await get(dq),
        dp: await get(dp),
        dn: await get(dn),
      };
    });

    const all = (values: Float32Array, count: number) =>
      Array.from({ length: count }, (_, i) => row(values, i, C));
    const [qs, ps, ns] = [all(q!, A), all(p!, P), all(n!, N)];
    const near = qs.map((a) => ps.map((b) => product(a, b)));
    const far = qs.map((a) => ns.map((b) => product(a, b)));
    const { loss, slopes } = reference(kind, near, far, tau, margin);
    expect(result.loss).toBeAllclose([loss], { rtol: 1e-5, atol: 1e-7 });
    const scale = Math.max(...slopes.flat().map(Math.abs));
    expect(result.coefficients).toBeAllclose(slopes.flat(), { rtol: 2e-5, atol: scale * 1e-6 });
    const columns = Array.from({ length: C }, (_, c) => c);
    const others = [...ps, ...ns];
    const dq = qs.flatMap((_, j) =>
      columns.map((c) => slope * others.reduce((sum, x, i) => sum + slopes[j]![i]! * x[c]!, 0)),
    );
    const dx = others.map((_, i) =>
      columns.map((c) => slope * qs.reduce((sum, x, j) => sum + slopes[j]![i]! * x[c]!, 0)),
    );
    const tolerance = { rtol: 1e-4, atol: scale * 1e-5 };
    expect(result.dq).toBeAllclose(dq, tolerance);
    expect(result.dp).toBeAllclose(dx.slice(0, P).flat(), tolerance);
    expect(result.dn).toBeAllclose(dx.slice(P).flat(), tolerance);
  });

  it('keep what is small of a solved pair, and do not overflow with a hopeless one', async () => {
    const run = (s: number) =>
      onAnyThreads(async ({ cpu, put, room, get }) => {
        const made = { loss: room(1), coefficients: room(2) };
        cpu.kernels.contrastive.loss(
          { kind: 'INFO_NCE', anchors: 1, positives: 1, negatives: 1, columns: 1, tau: 0.05, margin: 0 },
          { q: put([1]), p: put([s]), n: put([-s]), ...made },
        );
        return { loss: await get(made.loss), coefficients: await get(made.coefficients) };
      });
    const solved = await run(1);
    expect(solved.loss).toBeAllclose([Math.log1p(Math.exp(-40))], { rtol: 1e-5, atol: 0 });
    expect(solved.coefficients).toBeAllclose([-20 * Math.exp(-40), 20 * Math.exp(-40)], {
      rtol: 1e-5,
      atol: 0,
    });
    const hopeless = await run(-50);
    expect(hopeless.loss).toBeAllclose([2000], { rtol: 1e-6 });
    expect(hopeless.coefficients).toBeAllclose([-20, 20], { rtol: 1e-6 });
  });

  it.each([
    [1, 1],
    [7, 5],
    [65, 192],
  ])('rank %i triplets of width %i', async (triplets, columns) => {
    const [q, p, n] = [1, 2, 3].map((seed) => testNumbers(triplets * columns, seed));
    const { hits } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const hits = room(triplets);
      cpu.kernels.contrastive.ranking({ triplets, columns }, { q: put(q!), p: put(p!), n: put(n!), hits });
      return { hits: await get(hits) };
    });
    const cosine = (a: number[], b: number[]) => product(a, b) / Math.sqrt(product(b, b));
    const expected = Array.from({ length: triplets }, (_, i) => {
      const anchor = row(q!, i, columns);
      return Number(cosine(anchor, row(p!, i, columns)) > cosine(anchor, row(n!, i, columns)));
    });
    expect([...hits!]).toEqual(expected);
    if (triplets > 1) expect(new Set(expected).size).toBe(2);
  });
});
