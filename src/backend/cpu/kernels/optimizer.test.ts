import { describe, expect, it } from 'vitest';
import { onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';

const FACTORS = { gain1: 0.3, beta2: 0.9, gain2: 0.1, stepSize: 0.02, denominatorScale: 1.7, eps: 1e-3 };

describe('Adam on the processor', () => {
  it.each([
    [[1], false],
    [[5, 3, 257], true],
    [[63, 70_001, 7], false],
    [[8192, 8192], true],
  ])('parameters of %j numbers, decoupled %j', async (sizes, decoupled) => {
    const decay = 0.04;
    const padded = sizes.map((size) => Math.ceil(size / 4) * 4);
    const total = padded.reduce((sum, size) => sum + size, 0);
    const moments = testNumbers(2 * total, 9).map((value, i) => (i < total ? value : Math.abs(value)));
    const values = sizes.map((size, i) => testNumbers(size, i + 1));
    const gradients = sizes.map((size, i) => testNumbers(size, i + 11));
    const result = await onAnyThreads(async ({ cpu, put, get }) => {
      const memory = put(moments);
      const parameters = sizes.map((size, i) => ({
        ...{ size, values: put(values[i]!), gradient: put(gradients[i]!) },
      }));
      cpu.kernels.optimizer.adam({ ...FACTORS, decay, decoupled }, memory, parameters);
      const after = await Promise.all(parameters.map(async (one) => get(one.values)));
      return { moments: await get(memory), ...Object.fromEntries(after.map((w, i) => [`w${i}`, w])) };
    });
    let start = 0;
    sizes.forEach((size, k) => {
      const expected = { w: [] as number[], first: [] as number[], second: [] as number[] };
      for (let i = 0; i < size; i++) {
        const old = values[k]![i]!;
        const g = gradients[k]![i]! + (decoupled ? 0 : decay * old);
        const m = moments[start + i]!;
        const first = m + FACTORS.gain1 * (g - m);
        const second = FACTORS.beta2 * moments[total + start + i]! + FACTORS.gain2 * g * g;
        const step =
          (FACTORS.stepSize * first) / (Math.sqrt(second) * FACTORS.denominatorScale + FACTORS.eps);
        expected.first.push(first);
        expected.second.push(second);
        expected.w.push(old * (decoupled ? 1 - decay : 1) - step);
      }
      const at = (from: number) => result.moments!.subarray(from, from + size);
      expect(result[`w${k}`]).toBeAllclose(expected.w, { rtol: 1e-6, atol: 1e-7 });
      expect(at(start)).toBeAllclose(expected.first, { rtol: 1e-6, atol: 1e-7 });
      expect(at(total + start)).toBeAllclose(expected.second, { rtol: 1e-6, atol: 1e-8 });
      start += padded[k]!;
    });
  });
});

describe('clipping on the processor', () => {
  // More gradients than a command has room for; some longer than a chunk of the sum, some empty.
  const sizes = [3, 70_001, 0, 1, 16_384, 16_385, ...Array.from({ length: 27 }, (_, i) => i * 7 + 1)];

  it.each([0.5, 1e5])('to a norm of %d', async (maxNorm) => {
    const gradients = sizes.map((size, i) => testNumbers(size, i + 1));
    const { norm, ...after } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const list = gradients.map((values) => ({ size: values.length, storage: put(values) }));
      const norm = room(2);
      cpu.kernels.optimizer.clip(maxNorm, list, norm);
      const after = await Promise.all(list.map(({ storage }) => get(storage)));
      return { norm: await get(norm), ...Object.fromEntries(after.map((values, i) => [`g${i}`, values])) };
    });
    const exact = Math.sqrt(
      gradients.reduce((sum, values) => sum + values.reduce((part, value) => part + value * value, 0), 0),
    );
    const factor = Math.min(1, maxNorm / (exact + 1e-6));
    expect(norm).toBeAllclose([exact, factor], { rtol: 1e-6 });
    gradients.forEach((values, i) => {
      expect(after[`g${i}`]).toBeAllclose(
        values.map((value) => value * factor),
        { rtol: 1e-6, atol: 0 },
      );
    });
  });

  it('of nothing is a norm of zero', async () => {
    const { norm } = await onAnyThreads(async ({ cpu, room, get }) => {
      const norm = room(2);
      cpu.kernels.optimizer.clip(1, [], norm);
      return { norm: await get(norm) };
    });
    expect([...norm!]).toEqual([0, 1]);
  });
});
