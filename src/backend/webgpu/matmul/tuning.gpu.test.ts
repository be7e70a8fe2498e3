import { afterEach, describe, expect, it } from 'vitest';
import { testContext } from '../../../testing/device.ts';
import type { WebGpuBackend } from '../backend.ts';
import { setTileRates } from './plan.ts';
import { tuneMatmul } from './tuning.ts';

const testGpu = async () => (await testContext()).backend as WebGpuBackend;

describe('tuneMatmul', () => {
  afterEach(async () => setTileRates(await testGpu(), {}));

  it('measures within its budget, remembers under the adapter, and frees what it measured on', async () => {
    const gpu = await testGpu();
    const { used } = gpu.memory();
    const map = new Map<string, string>();
    const store = {
      get: (key: string) => map.get(key),
      set: (key: string, value: string) => void map.set(key, value),
    };
    const shape = { m: 128, n: 128, k: 16 };
    const rates = await tuneMatmul(gpu, { store, shape, budgetMs: 1 });
    expect(Object.keys(rates)).toEqual(['large']);
    expect(rates.large).toBeGreaterThan(0);
    expect([...map.keys()][0]).toContain(gpu.adapter.architecture);
    expect(gpu.memory().used).toBe(used);
  });

  it('does nothing on a software adapter, which uses the direct kernel', async () => {
    const gpu = await testGpu();
    if (!gpu.adapter.software) return;
    const before = gpu.counts.dispatches;
    expect(await tuneMatmul(gpu)).toEqual({});
    expect(gpu.counts.dispatches).toBe(before);
  });
});
