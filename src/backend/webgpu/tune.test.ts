import { describe, expect, it } from 'vitest';
import { adapterKey, type TuneStore, tune } from './tune.ts';

/** A GPU whose work costs what the candidate says, on a clock that only its work moves. */
function fakeGpu(costs: Record<string, number>) {
  let clock = 0;
  let pending = 0;
  const runs: string[] = [];
  return {
    runs,
    candidates: Object.entries(costs).map(([name, ms]) => ({
      name,
      run: () => {
        runs.push(name);
        pending += ms;
      },
    })),
    finish: async () => {
      clock += pending;
      pending = 0;
    },
    now: () => clock,
  };
}

function mapStore(entries: [string, string][] = []): TuneStore & { map: Map<string, string> } {
  const map = new Map(entries);
  return { map, get: (key) => map.get(key), set: (key, value) => void map.set(key, value) };
}

describe('tune', () => {
  it('measures every candidate, remembers it, and measures nothing the second time', async () => {
    const store = mapStore();
    const gpu = fakeGpu({ slow: 3, fast: 0.5 });
    const times = await tune({ key: 'k', store, ...gpu });
    expect(times.slow).toBeCloseTo(3);
    expect(times.fast).toBeCloseTo(0.5);
    expect(JSON.parse(store.map.get('k')!)).toEqual(times);
    const again = fakeGpu({ slow: 100, fast: 100 });
    expect(await tune({ key: 'k', store, ...again })).toEqual(times);
    expect(again.runs).toEqual([]);
  });

  it('stops at its budget and takes up the rest at the next start', async () => {
    const store = mapStore();
    const costs = { a: 100, b: 100, c: 100 };
    const first = await tune({ key: 'k', store, budgetMs: 300, ...fakeGpu(costs) });
    expect(Object.keys(first)).toEqual(['a', 'b']);
    const next = fakeGpu(costs);
    expect(Object.keys(await tune({ key: 'k', store, budgetMs: 300, ...next }))).toEqual(['a', 'b', 'c']);
    expect(new Set(next.runs)).toEqual(new Set(['c']));
  });

  it('works without a store and ignores what it cannot read', async () => {
    for (const text of ['not json', '3', 'null', '{"a":"fast"}', '{"a":-1,"gone":2}']) {
      const gpu = fakeGpu({ a: 2 });
      const times = await tune({ key: 'k', store: mapStore([['k', text]]), ...gpu });
      expect(Object.keys(times), text).toEqual(['a']);
      expect(times.a).toBeCloseTo(2);
    }
    expect((await tune({ key: 'k', ...fakeGpu({ a: 2 }) })).a).toBeCloseTo(2);
  });

  it('tells adapters apart', () => {
    const adapter = { vendor: 'v', architecture: 'a', description: 'd', software: false, features: [] };
    const limits = { maxBufferSize: 1, maxStorageBufferBindingSize: 1 };
    expect(adapterKey({ ...adapter, ...limits })).not.toBe(
      adapterKey({ ...adapter, ...limits, description: 'e' }),
    );
  });
});
