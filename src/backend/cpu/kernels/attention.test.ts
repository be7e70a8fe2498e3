import { describe, expect, it } from 'vitest';
import { type CpuBench, onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';
import type { AttentionRows, AttentionShape } from '../../families/attention.ts';

/** Numbers of q, k, v and dO, each [batch, rows, heads, width]. */
function inputs({ batch, heads, queries, keys, width }: AttentionShape, spread: number) {
  const row = batch * heads * width;
  return {
    q: testNumbers(row * queries, 1, spread),
    k: testNumbers(row * keys, 2, spread),
    v: testNumbers(row * keys, 3),
    dO: testNumbers(row * queries, 4),
  };
}

/** Attention and its gradients by plain loops in f64. */
function reference(shape: AttentionShape, data: ReturnType<typeof inputs>) {
  const { batch, heads, queries, keys, width, scale, causal } = shape;
  const row = heads * width;
  const [o, dq] = [new Float64Array(batch * queries * row), new Float64Array(batch * queries * row)];
  const [dk, dv] = [new Float64Array(batch * keys * row), new Float64Array(batch * keys * row)];
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < queries; i++) {
        const qAt = (b * queries + i) * row + h * width;
        const seen = causal ? i + 1 : keys;
        const p = new Float64Array(seen);
        let top = Number.NEGATIVE_INFINITY;
        for (let j = 0; j < seen; j++) {
          const kAt = (b * keys + j) * row + h * width;
          for (let d = 0; d < width; d++) p[j]! += scale * data.q[qAt + d]! * data.k[kAt + d]!;
          top = Math.max(top, p[j]!);
        }
        let total = 0;
        for (let j = 0; j < seen; j++) total += p[j] = Math.exp(p[j]! - top);
        const dp = new Float64Array(seen);
        let delta = 0;
        for (let j = 0; j < seen; j++) {
          p[j]! /= total;
          const kAt = (b * keys + j) * row + h * width;
          for (let d = 0; d < width; d++) {
            o[qAt + d]! += p[j]! * data.v[kAt + d]!;
            dp[j]! += data.dO[qAt + d]! * data.v[kAt + d]!;
            dv[kAt + d]! += p[j]! * data.dO[qAt + d]!;
          }
          delta += p[j]! * dp[j]!;
        }
        for (let j = 0; j < seen; j++) {
          const ds = scale * p[j]! * (dp[j]! - delta);
          const kAt = (b * keys + j) * row + h * width;
          for (let d = 0; d < width; d++) {
            dq[qAt + d]! += ds * data.k[kAt + d]!;
            dk[kAt + d]! += ds * data.q[qAt + d]!;
          }
        }
      }
    }
  }
  return { o, dq, dk, dv };
}

/** Forward and backward with parts in memories of their own. */
async function run(
  { cpu, put, room, get }: CpuBench,
  shape: AttentionShape,
  data: ReturnType<typeof inputs>,
) {
  const { batch, heads, queries } = shape;
  const stride = heads * shape.width;
  const rows = (storage: AttentionRows['storage']): AttentionRows => ({ storage, stride, column: 0 });
  const [q, k, v, dO] = [put(data.q), put(data.k), put(data.v), put(data.dO)];
  const [o, lse] = [room(data.q.length), room(batch * heads * queries)];
  const [dq, dk, dv] = [room(data.q.length), room(data.k.length), room(data.k.length)];
  const operands = { q: rows(q), k: rows(k), v: rows(v), o, lse };
  cpu.kernels.attention.forward(shape, operands);
  cpu.kernels.attention.backward(shape, { ...operands, dO, dq: rows(dq), dk: rows(dk), dv: rows(dv) });
  return { o: await get(o), dq: await get(dq), dk: await get(dk), dv: await get(dv) };
}

const size = (batch: number, heads: number, queries: number, keys: number, width: number) => ({
  ...{ batch, heads, queries, keys, width },
  ...{ scale: 1 / Math.sqrt(width), causal: false },
});

describe('attention on the processor', () => {
  it.each([
    size(1, 1, 1, 1, 8),
    size(2, 3, 7, 5, 12),
    size(1, 2, 5, 39, 20),
    size(2, 2, 63, 65, 36),
    size(1, 3, 65, 8, 40),
    size(1, 2, 257, 257, 64),
    size(1, 1, 70, 77, 160),
    { ...size(2, 3, 39, 39, 12), causal: true },
    { ...size(1, 2, 257, 257, 16), causal: true },
    { ...size(1, 1, 9, 23, 12), scale: 400 },
  ])('$batch × $heads heads of $width, $queries queries, $keys keys, causal $causal', async (shape) => {
    const data = inputs(shape, 2);
    const result = await onAnyThreads((bench) => run(bench, shape, data));
    const expected = reference(shape, data);
    // Scores in the hundreds have errors of some 1e-5, and their weights as many in relation.
    const rtol = shape.scale > 1 ? 1e-3 : 2e-5;
    expect(result.o).toBeAllclose(expected.o, { atol: 2e-6, rtol });
    for (const name of ['dq', 'dk', 'dv'] as const) {
      expect(result[name]).toBeAllclose(expected[name], { atol: 1e-5 * Math.max(1, shape.scale), rtol });
    }
  });

  it.each([false, true])('goes over long sequences in blocks, causal %s', async (causal) => {
    const shape = { ...size(1, 2, 1025, 1025, 8), causal };
    const data = inputs(shape, 3);
    const result = await onAnyThreads((bench) => run(bench, shape, data));
    const expected = reference(shape, data);
    for (const name of ['o', 'dq', 'dk', 'dv'] as const) {
      expect(result[name]).toBeAllclose(expected[name], { atol: 2e-5, rtol: 5e-5 });
    }
  });

  it('takes tens of thousands of queries', async () => {
    const shape = size(1, 1, 20_003, 5, 16);
    const data = inputs(shape, 2);
    const result = await onAnyThreads((bench) => run(bench, shape, data));
    const expected = reference(shape, data);
    expect(result.o).toBeAllclose(expected.o, { atol: 2e-6, rtol: 2e-5 });
    expect(result.dq).toBeAllclose(expected.dq, { atol: 1e-5, rtol: 2e-5 });
    expect(result.dv).toBeAllclose(expected.dv, { atol: 5e-3, rtol: 2e-5 });
  });

  it('reads and writes the three parts of one memory', async () => {
    const shape = size(2, 3, 66, 66, 12);
    const { batch, heads, queries, width } = shape;
    const data = inputs(shape, 2);
    const columns = heads * width;
    const fused = new Float32Array(batch * queries * 3 * columns);
    [data.q, data.k, data.v].forEach((part, index) => {
      part.forEach((value, at) => {
        fused[Math.floor(at / columns) * 3 * columns + index * columns + (at % columns)] = value;
      });
    });
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const part = (storage: AttentionRows['storage'], index: number): AttentionRows => ({
        ...{ storage, stride: 3 * columns, column: index * columns },
      });
      const [qkv, dqkv] = [put(fused), room(fused.length)];
      const [o, lse] = [room(data.q.length), room(batch * heads * queries)];
      const operands = { q: part(qkv, 0), k: part(qkv, 1), v: part(qkv, 2), o, lse };
      const gradients = { dq: part(dqkv, 0), dk: part(dqkv, 1), dv: part(dqkv, 2) };
      cpu.kernels.attention.forward(shape, operands);
      cpu.kernels.attention.backward(shape, { ...operands, dO: put(data.dO), ...gradients });
      return { dqkv: await get(dqkv) };
    });
    const expected = reference(shape, data);
    ([expected.dq, expected.dk, expected.dv] as const).forEach((part, index) => {
      const own = result.dqkv!.filter((_, at) => Math.floor((at % (3 * columns)) / columns) === index);
      expect(own).toBeAllclose(part, { atol: 1e-5, rtol: 2e-5 });
    });
  });

  it('computes only the gradients that are asked for', async () => {
    const shape = size(1, 2, 130, 77, 8);
    const data = inputs(shape, 2);
    const all = await onAnyThreads((bench) => run(bench, shape, data));
    const some = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const rows = (storage: AttentionRows['storage']) => ({ storage, stride: 16, column: 0 });
      const [o, lse, dO] = [room(data.q.length), room(2 * 130), put(data.dO)];
      const operands = { q: rows(put(data.q)), k: rows(put(data.k)), v: rows(put(data.v)), o, lse };
      const [dq, dk, dv] = [room(data.q.length), room(data.k.length), room(data.k.length)];
      cpu.kernels.attention.forward(shape, operands);
      cpu.kernels.attention.backward(shape, { ...operands, dO, dq: rows(dq) });
      cpu.kernels.attention.backward(shape, { ...operands, dO, dk: rows(dk), dv: rows(dv) });
      return { dq: await get(dq), dk: await get(dk), dv: await get(dv) };
    });
    expect(some).toEqual({ dq: all.dq, dk: all.dk, dv: all.dv });
  });
});
