import { expect, it } from 'vitest';
import type { Backend } from '../backend.ts';
import { createCpuBackend } from '../cpu/create.ts';
import type { GemmProblem } from '../families/matrix.ts';
import { measureSpeed } from './speed.ts';

/** A backend that does `rate` GFLOP/s by a clock of its own, with 0.5 ms of waiting. */
function steady(rate: number) {
  let clock = 0;
  let held = 0;
  let runs = 0;
  const backend = {
    alloc: () => held++,
    free: () => held--,
    clear: () => {},
    finish: async () => {
      clock += 0.5;
    },
    kernels: {
      matrix: {
        gemm: ({ m, n, k }: GemmProblem) => {
          runs++;
          clock += (2 * m * n * k) / rate / 1e6;
        },
      },
    },
  } as unknown as Backend;
  return { backend, now: () => clock, seen: () => ({ held, runs, clock }) };
}

it.each([10_000, 80, 40])('is near %i GFLOP/s, in less than 300 ms', async (rate) => {
  const { backend, now, seen } = steady(rate);
  const measured = await measureSpeed(backend, now);
  expect(measured).toBeGreaterThan(0.8 * rate);
  expect(measured).toBeLessThanOrEqual(rate);
  expect(seen().clock).toBeLessThan(300);
  expect(seen().held).toBe(0);
});

it('spends three small runs on a software adapter', async () => {
  const { backend, now, seen } = steady(1.9);
  expect(await measureSpeed(backend, now)).toBeCloseTo(1.9, 1);
  expect(seen().runs).toBe(3);
});

it('is measured on this machine, and leaves no memory behind', async () => {
  const { backend } = await createCpuBackend({ threads: 1 });
  try {
    expect(await measureSpeed(backend)).toBeGreaterThan(1);
    expect(backend.memory().used).toBe(0);
  } finally {
    backend.destroy();
  }
});
