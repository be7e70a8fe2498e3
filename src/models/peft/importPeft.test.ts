import { describe, expect, it } from 'vitest';
import { writeSafetensors } from '../weights/safetensors/write.ts';
import { AdapterError } from './errors.ts';
import { exportPeft } from './exportPeft.ts';
import { importPeft } from './importPeft.ts';
import { countingAdapter, goldenAdapter, goldenConfig } from './testing/fixtures.ts';

type Tensors = Parameters<typeof writeSafetensors>[0];

const config = goldenConfig();
const CONFIG = JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: ['qkv'] });

/** Tensor of counted numbers, from a start that tells it from others. */
const tensor = (shape: [number, number], start = 0) => ({
  shape,
  values: Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => start + i / 64),
});

const importTensors = (tensors: Tensors, text = CONFIG) =>
  importPeft({ weights: writeSafetensors(tensors), config: text }, config);

describe('importPeft', () => {
  it('gives back what was exported, and sees which share A', () => {
    for (const adapter of [goldenAdapter(), countingAdapter(config, [1]), countingAdapter(config, [0, 1])]) {
      expect(importPeft(exportPeft(adapter), config)).toEqual(adapter);
    }
  });

  it('reads keys with an adapter name, without a prefix, inside a head, and under the newer module names', () => {
    const original = exportPeft(countingAdapter(config, [1]));
    const adapter = importPeft(original, config);
    const renamed = (rename: (path: string) => string): Tensors =>
      Object.fromEntries(
        Object.entries(adapter.tensors).flatMap(([path, { A, B, inFeatures, outFeatures }]) => [
          [rename(path).replace('*', 'A'), { shape: [3, inFeatures], values: A }],
          [rename(path).replace('*', 'B'), { shape: [outFeatures, 3], values: B }],
        ]),
      );
    const newer = (path: string) =>
      path
        .replace(/attention\.attention\.(.).*/, 'attention.$1_proj')
        .replace('attention.output.dense', 'attention.o_proj');
    for (const rename of [
      (path: string) => `base_model.model.${path}.lora_*.default.weight`,
      (path: string) => `${path}.lora_*.weight`,
      (path: string) => `base_model.model.dinov2.${path}.lora_*.weight`,
      (path: string) => `base_model.model.${newer(path)}.lora_*.weight`,
    ]) {
      expect(importTensors(renamed(rename), original.config)).toEqual(adapter);
    }
  });

  it('splits the fused qkv of the torch-hub model: one A, thirds of the rows of B', () => {
    const qkv = tensor([192, 2], 5);
    const adapter = importTensors({
      'base_model.model.blocks.1.attn.qkv.lora_A.weight': tensor([2, 64]),
      'base_model.model.blocks.1.attn.qkv.lora_B.weight': qkv,
    });
    expect(adapter).toMatchObject({ targets: ['query', 'key', 'value'], layers: [1], sharedA: true });
    const at = (part: string) => adapter.tensors[`encoder.layer.1.attention.attention.${part}`]!;
    expect(at('query').A).toEqual(tensor([2, 64]).values);
    expect(at('value').A).toEqual(tensor([2, 64]).values);
    expect([...at('query').B, ...at('key').B, ...at('value').B]).toEqual([...qkv.values]);
    expect(at('key').outFeatures).toBe(64);
    expect(importPeft(exportPeft(adapter), config)).toEqual(adapter);
  });

  it('keeps the scale of a rank-stabilized adapter: alpha/√r becomes alpha′/r', () => {
    const settings = { ...JSON.parse(CONFIG), use_rslora: true };
    const adapter = importTensors(
      {
        'encoder.layer.0.mlp.fc2.lora_A.weight': tensor([2, 256]),
        'encoder.layer.0.mlp.fc2.lora_B.weight': tensor([64, 2]),
      },
      JSON.stringify(settings),
    );
    expect(adapter.alpha / adapter.rank).toBeCloseTo(4 / Math.sqrt(2), 12);
    expect(adapter.targets).toEqual(['fc2']);
  });

  it('names the tensor that does not fit', () => {
    const a = 'base_model.model.encoder.layer.0.attention.attention.key.lora_A.weight';
    const b = a.replace('lora_A', 'lora_B');
    const good = { [a]: tensor([2, 64]), [b]: tensor([64, 2]) };
    expect(importTensors(good).targets).toEqual(['key']);
    expect(() => importTensors({ [a]: good[a]! })).toThrow('attention.key has no lora_B');
    expect(() => importTensors({ ...good, [a]: tensor([2, 384]) })).toThrow(
      'attention.key.lora_A is [2, 384]; this encoder and the rank in adapter_config.json ask for [2, 64]',
    );
    expect(() => importTensors({ ...good, [b]: tensor([64, 3]) })).toThrow('lora_B is [64, 3]');
    expect(() =>
      importTensors({ [a.replace('.0.', '.7.')]: good[a]!, [b.replace('.0.', '.7.')]: good[b]! }),
    ).toThrow('in layer 7, but the encoder has 2 layers');
    expect(() => importTensors({ ...good, 'base_model.model.classifier.weight': tensor([3, 64]) })).toThrow(
      'tensor "base_model.model.classifier.weight" belongs to no module',
    );
    expect(() => importTensors({})).toThrow('it adapts no layer');
  });

  it('refuses a module under two names, and layers with different modules', () => {
    const both = {
      'encoder.layer.0.attention.attention.key.lora_A.weight': tensor([2, 64]),
      'encoder.layer.0.attention.k_proj.lora_A.weight': tensor([2, 64]),
    };
    expect(() => importTensors(both)).toThrow('is there twice');
    const uneven: Tensors = {};
    for (const path of ['encoder.layer.0.mlp.fc1', 'encoder.layer.1.mlp.fc1', 'encoder.layer.1.mlp.fc2']) {
      const [inFeatures, outFeatures] = path.endsWith('1') ? [64, 256] : [256, 64];
      uneven[`${path}.lora_A.weight`] = tensor([2, inFeatures!]);
      uneven[`${path}.lora_B.weight`] = tensor([outFeatures!, 2]);
    }
    expect(() => importTensors(uneven)).toThrow('encoder.layer.0.mlp.fc2 is missing');
  });

  it('refuses integers and says which tensor', () => {
    const json = JSON.stringify({ 'x.lora_A.weight': { dtype: 'I32', shape: [1], data_offsets: [0, 4] } });
    const weights = new Uint8Array(8 + json.length + 4);
    new DataView(weights.buffer).setBigUint64(0, BigInt(json.length), true);
    weights.set(new TextEncoder().encode(json), 8);
    const run = () => importPeft({ weights, config: CONFIG }, config);
    expect(run).toThrow(AdapterError);
    expect(run).toThrow('tensor "x.lora_A.weight" has dtype I32');
  });
});
