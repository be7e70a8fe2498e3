import { describe, expect, it } from 'vitest';
import { writeSafetensors } from '../weights/safetensors/write.ts';
import { AdapterError } from './errors.ts';
import { exportPeft, type PeftFiles } from './exportPeft.ts';
import { importPeft } from './importPeft.ts';
import { countingAdapter, goldenAdapter, goldenConfig } from './testing/fixtures.ts';
import type { LoraAdapter } from './types.ts';

type Tensors = Parameters<typeof writeSafetensors>[0];

const config = goldenConfig();
const CONFIG = JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: ['qkv'] });

/** Tensor of counted numbers, from a start that tells it from others. */
const tensor = (shape: [number, number], start = 0) => ({
  shape,
  values: Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => start + i / 64),
});

const filesOf = ({ weights, config: text }: { weights: Uint8Array; config: string }) => [
  { name: 'adapter_config.json', bytes: new TextEncoder().encode(text) },
  { name: 'adapter_model.safetensors', bytes: weights },
];
const importFiles = (files: PeftFiles) => importPeft(filesOf(files), config).adapter;
const readTensors = (tensors: Tensors, text = CONFIG) =>
  importPeft(filesOf({ weights: writeSafetensors(tensors), config: text }), config);
const importTensors = (tensors: Tensors, text = CONFIG) => readTensors(tensors, text).adapter;

/** A and B of a module, by its path. */
const pair = (
  path: string,
  rank: number,
  [inFeatures, outFeatures]: [number, number],
  start = 1,
): Tensors => ({
  [`${path}.lora_A.weight`]: tensor([rank, inFeatures], start),
  [`${path}.lora_B.weight`]: tensor([outFeatures, rank], start + 0.5),
});

/** scale·B·A, [out, in], in plain loops. */
function update(a: Float32Array, b: Float32Array, rank: number, scale: number): number[] {
  const [inFeatures, outFeatures] = [a.length / rank, b.length / rank];
  const out: number[] = [];
  for (let o = 0; o < outFeatures; o++)
    for (let i = 0; i < inFeatures; i++) {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += b[o * rank + r]! * a[r * inFeatures + i]!;
      out.push(scale * sum);
    }
  return out;
}

/** The update of a module of an adapter; zeros where it leaves the module as it is. */
function updateOf({ rank, alpha, tensors }: LoraAdapter, path: string): number[] {
  const { A, B } = tensors[path]!;
  return update(A, B, rank, alpha / rank);
}

/** The update of a module as its file says it, by PEFT's formula. */
function updateIn(tensors: Tensors, path: string, rank: number, scale: number): number[] {
  const values = (half: string) => tensors[`${path}.lora_${half}.weight`]!.values as Float32Array;
  return update(values('A'), values('B'), rank, scale);
}

function expectClose(actual: number[], expected: number[]): void {
  const size = Math.max(...expected.map(Math.abs));
  expect(size).toBeGreaterThan(0);
  expect(actual).toHaveLength(expected.length);
  expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-6 * size);
}

describe('importPeft', () => {
  it('gives back what was exported, and sees which share A', () => {
    for (const adapter of [goldenAdapter(), countingAdapter(config, [1]), countingAdapter(config, [0, 1])]) {
      expect(importFiles(exportPeft(adapter))).toEqual(adapter);
    }
  });

  it('reads keys with an adapter name, without a prefix, inside a head, and under the newer module names', () => {
    const original = exportPeft(countingAdapter(config, [1]));
    const adapter = importFiles(original);
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
      (path: string) => `base_model.model.model.${path}.lora_*.weight`,
      (path: string) => `base_model.model.backbone.${path}.lora_*.weight`,
      (path: string) => `base_model.model.encoder.${path}.lora_*.weight`,
      (path: string) => `base_model.model.module._orig_mod.vision.model.${path}.lora_*.default.weight`,
      (path: string) => `base_model.model.${path}.base_layer.lora_*.weight`,
      (path: string) => `base_model.model.${newer(path).replace(/layer.\d+/, '$&._orig_mod')}.lora_*.weight`,
      (path: string) => `${path.replace(/^encoder\./, '')}.lora_*.weight`,
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
    expect(importFiles(exportPeft(adapter))).toEqual(adapter);
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
    expect(() => importTensors({})).toThrow('it adapts no layer');
  });

  it('refuses a module under two names', () => {
    const both = {
      'encoder.layer.0.attention.attention.key.lora_A.weight': tensor([2, 64]),
      'encoder.layer.0.attention.k_proj.lora_A.weight': tensor([2, 64]),
    };
    expect(() => importTensors(both)).toThrow('is there twice');
    const fused = {
      ...pair('blocks.0.attn.qkv', 2, [64, 192]),
      ...pair('encoder.layer.0.attention.q_proj', 2, [64, 64]),
    };
    expect(() => importTensors(fused)).toThrow('is there twice');
  });

  it('refuses A of one adapter with B of another, and says that it takes adapters of different layers', () => {
    const path = (layer: number) => `base_model.model.encoder.layer.${layer}.mlp.fc1`;
    const sizes: [number, number] = [64, 256];
    const named = (layer: number, a: string, b: string): Tensors =>
      Object.fromEntries(
        Object.entries(pair(path(layer), 2, sizes)).map(([name, values]) => [
          name.replace('lora_A', `lora_A.${a}`).replace('lora_B', `lora_B.${b}`),
          values,
        ]),
      );
    expect(() => readTensors(named(0, 'a', 'b'))).toThrow(
      /lora_A\.a\.weight".*lora_B\.b\.weight".*two adapters/,
    );
    const { adapter, notes } = readTensors({ ...named(0, 'a', 'a'), ...named(1, 'b', 'b') });
    expect(adapter.layers).toEqual([0, 1]);
    expect(notes).toEqual([
      'adapter_model.safetensors has several adapters of different layers, taken together: a, b.',
    ]);
  });

  it('refuses two encoders in one model, by name', () => {
    for (const layer of [0, 1]) {
      const two = {
        ...pair('base_model.model.student.blocks.0.mlp.fc1', 2, [64, 256]),
        ...pair(`base_model.model.teacher.blocks.${layer}.mlp.fc1`, 2, [64, 256]),
      };
      expect(() => importTensors(two)).toThrow(
        /"base_model.model.student.*"base_model.model.teacher.* two encoders/,
      );
    }
  });

  it('leaves out what is outside the encoder and says so', () => {
    const module = 'base_model.model.backbone.encoder.layer.1.mlp.fc1';
    const file = {
      ...pair(module, 2, [64, 256]),
      'base_model.model.classifier.weight': tensor([3, 64]),
      'base_model.model.classifier.bias': tensor([3, 1]),
      ...pair('base_model.model.text.layers.0.q_proj', 2, [8, 8]),
    };
    const text = JSON.stringify({ ...JSON.parse(CONFIG), modules_to_save: ['classifier'] });
    const { adapter, notes } = readTensors(file, text);
    expect(adapter).toEqual(importTensors(pair('encoder.layer.1.mlp.fc1', 2, [64, 256])));
    expect(notes).toEqual([
      'Left out, as it is no part of the encoder: classifier.bias, classifier.weight, text.layers.0.q_proj.',
    ]);
  });

  it.each([
    'layernorm.weight',
    'encoder.layer.1.norm1.weight',
    'embeddings.patch_embeddings.projection.lora_A.weight',
    'encoder.layer.1.mlp.fc1.lora_magnitude_vector',
  ])('refuses %s, a part of the encoder that cannot be adapted', (name) => {
    for (const prefix of ['', 'base_model.model.', 'base_model.model.backbone.']) {
      const file = {
        ...pair(`${prefix}encoder.layer.1.mlp.fc1`, 2, [64, 256]),
        [prefix + name]: tensor([2, 2]),
      };
      expect(() => importTensors(file)).toThrow(`tensor "${prefix}${name}" belongs to no module`);
    }
    expect(() => importTensors({ 'classifier.weight': tensor([3, 64]) })).toThrow(
      'tensor "classifier.weight" belongs to no module',
    );
  });

  it('takes modules that only some layers have, with the updates of the file', () => {
    const paths = [
      'encoder.layer.0.mlp.fc1',
      'encoder.layer.1.attention.attention.query',
      'encoder.layer.1.mlp.fc2',
    ];
    const sizes: [number, number][] = [
      [64, 256],
      [64, 64],
      [256, 64],
    ];
    const file = Object.assign({}, ...paths.map((path, i) => pair(path, 2, sizes[i]!, i)));
    const adapter = importTensors(file);
    expect(adapter).toMatchObject({ layers: [0, 1], targets: ['query', 'fc1', 'fc2'], rank: 2, alpha: 4 });
    for (const path of Object.keys(adapter.tensors)) {
      if (paths.includes(path)) expectClose(updateOf(adapter, path), updateIn(file, path, 2, 2));
      else expect(updateOf(adapter, path).every((value) => value === 0)).toBe(true);
    }
    expect(importFiles(exportPeft(adapter))).toEqual(adapter);
  });

  it.each([false, true])('takes ranks and alphas of single modules, rank-stabilized: %s', (rslora) => {
    const [q, fc1, fc2] = [
      'encoder.layer.0.attention.attention.query',
      'encoder.layer.1.mlp.fc1',
      'encoder.layer.1.mlp.fc2',
    ];
    const file = {
      ...pair(`base_model.model.model.${q}`, 2, [64, 64]),
      ...pair(`base_model.model.model.${fc1}`, 5, [64, 256]),
      ...pair(`base_model.model.model.${fc2}`, 5, [256, 64]),
    };
    const text = JSON.stringify({
      ...{ peft_type: 'LORA', r: 2, lora_alpha: 4, use_rslora: rslora },
      rank_pattern: { 'mlp.fc\\d': 5 },
      alpha_pattern: { '^model.encoder.layer.1.mlp.fc2': 3, fc2: 100 },
    });
    const { adapter, notes } = readTensors(file, text);
    expect(adapter.rank).toBe(5);
    const scale = (alpha: number, rank: number) => alpha / (rslora ? Math.sqrt(rank) : rank);
    for (const [path, alpha, rank] of [
      [q, 4, 2],
      [fc1, 4, 5],
      [fc2, 3, 5],
    ] as const)
      expectClose(
        updateOf(adapter, path!),
        updateIn(file, `base_model.model.model.${path}`, rank, scale(alpha, rank)),
      );
    expect(notes).toEqual(['The patterns "fc2" of adapter_config.json match none of the adapted modules.']);
    expectClose(updateOf(importFiles(exportPeft(adapter)), fc2!), updateOf(adapter, fc2!));
  });

  it('finds a pattern by the newer name of a module', () => {
    const file = pair('encoder.layer.0.attention.attention.query', 4, [64, 64]);
    const text = JSON.stringify({
      peft_type: 'LORA',
      r: 2,
      rank_pattern: { q_proj: 4 },
      alpha_pattern: { q_proj: 6 },
    });
    const adapter = importTensors(file, text);
    expect([adapter.rank, adapter.alpha]).toEqual([4, 6]);
  });

  it('takes the rank from the tensors where the config has none, and says so', () => {
    const text = JSON.stringify({ peft_type: 'LORA', lora_alpha: 6 });
    const file = { ...pair('blocks.0.mlp.fc1', 3, [64, 256]), ...pair('blocks.1.mlp.fc1', 3, [64, 256]) };
    const { adapter, notes } = readTensors(file, text);
    expect([adapter.rank, adapter.alpha]).toEqual([3, 6]);
    expect(notes).toEqual(['adapter_config.json has no r; the rank of the tensors, 3, is taken.']);
    expect(() => importTensors({ ...file, ...pair('blocks.1.mlp.fc1', 5, [64, 256]) }, text)).toThrow(
      'blocks.0.mlp.fc1.lora_A has rank 3, blocks.1.mlp.fc1.lora_A has rank 5',
    );
  });

  it('names a tensor that holds no number, and the file by its own name', () => {
    const file = pair('blocks.0.mlp.fc1', 2, [64, 256]);
    (file['blocks.0.mlp.fc1.lora_B.weight']!.values as Float32Array)[9] = Number.NaN;
    const files = [
      { name: 'x.json', bytes: new TextEncoder().encode(CONFIG) },
      { name: 'x.safetensors', bytes: writeSafetensors(file) },
    ];
    expect(() => importPeft(files, config)).toThrow(
      'x.safetensors: tensor "blocks.0.mlp.fc1.lora_B.weight" holds NaN at index 9',
    );
  });

  it.each(['I32', 'I8', 'F8_E4M3'] as const)('refuses %s and says which tensor', (dtype) => {
    const bytes = dtype === 'I32' ? 4 : 1;
    const path = 'blocks.0.mlp.fc1';
    const header = {
      [`${path}.lora_A.weight`]: { dtype, shape: [1], data_offsets: [0, bytes] },
      [`${path}.lora_B.weight`]: { dtype, shape: [1], data_offsets: [bytes, 2 * bytes] },
    };
    const json = JSON.stringify(header);
    const weights = new Uint8Array(8 + json.length + 2 * bytes);
    new DataView(weights.buffer).setBigUint64(0, BigInt(json.length), true);
    weights.set(new TextEncoder().encode(json), 8);
    const run = () => importPeft(filesOf({ weights, config: CONFIG }), config);
    expect(run).toThrow(AdapterError);
    expect(run).toThrow(`tensor "${path}.lora_A.weight" has dtype ${dtype}`);
  });
});
