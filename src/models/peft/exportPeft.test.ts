import { describe, expect, it } from 'vitest';
import { exportPeft } from './exportPeft.ts';
import { countingAdapter, goldenAdapter, goldenConfig } from './testing/fixtures.ts';
import { readWithDataView, readWithPython } from './testing/independentReaders.ts';

const QUERY = 'encoder.layer.1.attention.attention.query';

describe('exportPeft', () => {
  it('writes keys, shapes and numbers that an independent reader finds', () => {
    const adapter = goldenAdapter();
    const { metadata, tensors } = readWithDataView(exportPeft(adapter).weights);
    expect(metadata).toEqual({ format: 'pt' });
    expect(tensors.size).toBe(12);
    for (const layer of [0, 1]) {
      for (const part of ['query', 'key', 'value']) {
        const path = `encoder.layer.${layer}.attention.attention.${part}`;
        const a = tensors.get(`base_model.model.${path}.lora_A.weight`)!;
        const b = tensors.get(`base_model.model.${path}.lora_B.weight`)!;
        expect([a.dtype, a.shape, b.dtype, b.shape]).toEqual(['F32', [4, 64], 'F32', [64, 4]]);
        expect(a.values).toEqual([...adapter.tensors[path]!.A]);
        expect(b.values).toEqual([...adapter.tensors[path]!.B]);
      }
    }
  });

  it("is read alike by Python's standard library", () => {
    const { weights } = exportPeft(countingAdapter(goldenConfig(), [1]));
    const python = readWithPython(weights);
    if (!python) {
      console.warn('SKIPPED: reading the exported adapter with Python, as there is no python3 here');
      return;
    }
    expect(python).toEqual(readWithDataView(weights).tensors);
    expect(python.get('base_model.model.encoder.layer.1.mlp.fc1.lora_B.weight')!.shape).toEqual([256, 3]);
  });

  it('has the data begin at a multiple of eight bytes and gives equal files for equal adapters', () => {
    const { weights, config } = exportPeft(goldenAdapter());
    expect(Number(new DataView(weights.buffer).getBigUint64(0, true)) % 8).toBe(0);
    expect(exportPeft(goldenAdapter())).toEqual({ weights, config });
  });

  it('refuses an adapter that is not whole', () => {
    const change = (edit: (adapter: ReturnType<typeof goldenAdapter>) => void) => () => {
      const adapter = goldenAdapter();
      edit(adapter);
      exportPeft(adapter);
    };
    expect(change(({ tensors }) => delete tensors[QUERY])).toThrow(`${QUERY} is missing`);
    expect(
      change(({ tensors }) => {
        tensors[QUERY] = { ...tensors[QUERY]!, B: new Float32Array(5) };
      }),
    ).toThrow(`${QUERY} B has 5 numbers; [64, 4] was expected`);
    expect(
      change(({ tensors }) => {
        const A = tensors[QUERY]!.A.slice();
        A[7] = Number.NaN;
        tensors[QUERY] = { ...tensors[QUERY]!, A };
      }),
    ).toThrow(`${QUERY} A holds NaN at index 7`);
    expect(
      change((adapter) => {
        adapter.layers = [1];
      }),
    ).toThrow('6 modules where 1 layers × 3 targets');
    expect(
      change((adapter) => {
        adapter.rank = 0;
      }),
    ).toThrow('rank is 0');
  });
});
