import { afterEach, describe, expect, it } from 'vitest';
import { testContext } from '../../../testing/device.ts';
import { setTileRates } from './plan.ts';
import { tuneMatmul } from './tuning.ts';

describe('tuneMatmul', () => {
  afterEach(async () => setTileRates(await testContext(), {}));

  it('measures within its budget, remembers under the adapter, and frees what it measured on', async () => {
    const context = await testContext();
    const used = context.memory.used;
    const map = new Map<string, string>();
    const store = {
      get: (key: string) => map.get(key),
      set: (key: string, value: string) => void map.set(key, value),
    };
    const shape = { m: 128, n: 128, k: 16 };
    const rates = await tuneMatmul(context, { store, shape, budgetMs: 1 });
    expect(Object.keys(rates)).toEqual(['large']);
    expect(rates.large).toBeGreaterThan(0);
    expect([...map.keys()][0]).toContain(context.gpu.adapter.architecture);
    expect(context.memory.used).toBe(used);
  });

  it('does nothing on a software adapter, which uses the direct kernel', async () => {
    const context = await testContext();
    if (!context.gpu.adapter.software) return;
    const before = context.backend.counts.dispatches;
    expect(await tuneMatmul(context)).toEqual({});
    expect(context.backend.counts.dispatches).toBe(before);
  });
});
