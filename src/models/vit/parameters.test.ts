import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointTensorError, findParameters } from '../weights/parameters.ts';
import type { TensorEntry } from '../weights/safetensors/header.ts';
import { readHeader } from '../weights/safetensors/parse.ts';
import { readVitConfig } from './families/index.ts';
import { parametersOf, tensorShapes } from './parameters.ts';

const TINY = { num_hidden_layers: 1, hidden_size: 8, num_attention_heads: 2, patch_size: 4, image_size: 14 };
const CONFIG = readVitConfig({ ...TINY, model_type: 'dinov2', num_hidden_layers: 2, mlp_ratio: 2 });

const sizeOf = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

/** A header with these tensors. */
function headerOf(shapes: Iterable<readonly [string, number[]]>, fileName = 'model.safetensors') {
  const tensors = [...shapes].map(
    ([name, shape]): TensorEntry => ({ name, dtype: 'F32', shape, begin: 0, end: 0 }),
  );
  return { fileName, header: { tensors } };
}

/** A header of the small model, changed by `change`. */
function headerWith(change: (tensors: Map<string, number[]>) => void = () => {}, prefix = '') {
  const shapes = tensorShapes(CONFIG);
  change(shapes);
  return headerOf([...shapes].map(([name, shape]) => [prefix + name, shape] as const));
}

const find = (...headers: ReturnType<typeof headerOf>[]) =>
  findParameters(parametersOf(CONFIG), headers, 'dinov2');

describe('parametersOf', () => {
  // Published numbers of parameters, and by hand for DINOv2-S:
  // 12·(12·384² + 13·384 + 2·384) + 1370·384 + 384 + (588 + 1)·384 + 2·384, without the mask token.
  it.each([
    [
      'dinov2-small',
      { model_type: 'dinov2', hidden_size: 384, num_attention_heads: 6, image_size: 518 },
      22_056_192,
    ],
    [
      'dinov2-giant',
      {
        model_type: 'dinov2',
        hidden_size: 1536,
        num_attention_heads: 24,
        num_hidden_layers: 40,
        image_size: 518,
        use_swiglu_ffn: true,
      },
      1_136_480_768 - 1536,
    ],
    ['dinov3-vits16', { model_type: 'dinov3_vit', hidden_size: 384, num_register_tokens: 4 }, 21_596_160],
    ['vit-base-patch16-224', { model_type: 'vit' }, 85_798_656],
    // The whole of CLIP-B/16 less its text tower (63,428,097 with text projection and logit scale), and the projection.
    [
      'clip-vit-base-patch16',
      { model_type: 'clip', vision_config: { patch_size: 16 } },
      149_620_737 - 63_428_097,
    ],
  ])('counts %s', (_, json, parameters) => {
    const count = parametersOf(readVitConfig(json)).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    // DINOv3's fused bias of query, key and value holds zeros for the keys, which no file has.
    const zeros = json.model_type === 'dinov3_vit' ? 12 * 384 : 0;
    expect(count - zeros).toBe(parameters);
  });

  it('rounds a grid down and leaves out biases that are not there', () => {
    const shapes = tensorShapes({ ...CONFIG, qkvBias: [false, false, false] });
    expect(shapes.get('embeddings.position_embeddings')).toEqual([1 + 3 * 3, 8]);
    expect(shapes.get('encoder.layer.1.mlp.fc1.weight')).toEqual([16, 8]);
    expect(shapes.has('encoder.layer.0.attention.attention.query.bias')).toBe(false);
    expect(shapes.has('encoder.layer.0.attention.output.dense.bias')).toBe(true);
  });
});

/** Tensors of the first layer and around it, as the families' own files name and shape them (width 8, patch 4, three to a side). */
const FILES: [string, Record<string, unknown>, string[]][] = [
  [
    'dinov2 with registers',
    { ...TINY, model_type: 'dinov2_with_registers' },
    [
      'embeddings.cls_token 1 1 8',
      'embeddings.register_tokens 1 4 8',
      'embeddings.position_embeddings 1 10 8',
      'encoder.layer.0.attention.attention.key.bias 8',
      'encoder.layer.0.layer_scale2.lambda1 8',
      'encoder.layer.0.mlp.fc1.weight 32 8',
    ],
  ],
  [
    'dinov2 with SwiGLU',
    { ...TINY, model_type: 'dinov2', use_swiglu_ffn: true },
    ['encoder.layer.0.mlp.weights_in.weight 48 8', 'encoder.layer.0.mlp.weights_out.weight 8 24'],
  ],
  [
    'dinov3, gated',
    {
      ...TINY,
      model_type: 'dinov3_vit',
      use_gated_mlp: true,
      hidden_act: 'silu',
      num_register_tokens: 4,
      num_attention_heads: 2,
    },
    [
      'embeddings.patch_embeddings.weight 8 3 4 4',
      'layer.0.attention.q_proj.bias 8',
      'layer.0.attention.k_proj.weight 8 8',
      'layer.0.mlp.gate_proj.weight 32 8',
      'layer.0.mlp.up_proj.bias 32',
      'layer.0.mlp.down_proj.weight 8 32',
      'norm.bias 8',
    ],
  ],
  [
    'clip',
    { model_type: 'clip', projection_dim: 6, vision_config: { ...TINY, intermediate_size: 32 } },
    [
      'vision_model.embeddings.class_embedding 8',
      'vision_model.embeddings.position_embedding.weight 10 8',
      'vision_model.pre_layrnorm.weight 8',
      'vision_model.encoder.layers.0.self_attn.out_proj.bias 8',
      'visual_projection.weight 6 8',
    ],
  ],
  [
    'siglip',
    { model_type: 'siglip', vision_config: { ...TINY, intermediate_size: 32 } },
    [
      'vision_model.embeddings.position_embedding.weight 9 8',
      'vision_model.embeddings.patch_embedding.bias 8',
    ],
  ],
  [
    'mae',
    { ...TINY, model_type: 'vit_mae', intermediate_size: 32 },
    [
      'embeddings.cls_token 1 1 8',
      'encoder.layer.0.intermediate.dense.weight 32 8',
      'encoder.layer.0.output.dense.weight 8 32',
    ],
  ],
];

describe('the families', () => {
  it.each(FILES)('%s: takes tensors by the names and shapes of its files', (_, json, files) => {
    const specs = parametersOf(readVitConfig(json));
    const wanted = tensorShapes(readVitConfig(json));
    for (const line of files) {
      const [name, ...sizes] = line.split(' ');
      expect([...wanted.keys()], line).toContain(name);
      wanted.set(name!, sizes.map(Number));
    }
    const found = findParameters(specs, [headerOf(wanted)], 'test');
    expect(found.size).toBe(wanted.size);
    expect(new Set([...found.values()].map(({ role }) => role)).size).toBe(specs.length);
  });

  it('stacks query, key and value, with zeros where keys have no bias', () => {
    const config = readVitConfig({ ...TINY, model_type: 'dinov3_vit' });
    const bias = parametersOf(config).find(({ role }) => role === 'layer.0.qkv.bias')!;
    expect(bias.shape).toEqual([24]);
    expect(bias.from[0]).toEqual(['layer.0.attention.q_proj.bias', null, 'layer.0.attention.v_proj.bias']);
    const found = findParameters(parametersOf(config), [headerOf(tensorShapes(config))], 'dinov3');
    expect(found.get('layer.0.attention.v_proj.bias')).toMatchObject({
      role: 'layer.0.qkv.bias',
      offset: 16,
    });
  });

  it('reads the spelling of newer programs', () => {
    const newer = [...tensorShapes(CONFIG)].map(
      ([name, shape]) =>
        [
          name
            .replace(/attention\.attention\.(\w)\w+/, 'attention.$1_proj')
            .replace('output.dense', 'o_proj'),
          shape,
        ] as const,
    );
    expect(newer.map(([name]) => name)).toContain('encoder.layer.0.attention.q_proj.weight');
    expect(find(headerOf(newer)).size).toBe(newer.length);
  });

  it('names what is no vision transformer, and SigLIP of varying sizes', () => {
    expect(() => readVitConfig({ model_type: 'bert' })).toThrow(/model_type is "bert"; one of dinov2, /);
    expect(() => readVitConfig({ model_type: 'siglip2' })).toThrow(/NaFlex/);
  });
});

describe('findParameters', () => {
  it('takes a complete checkpoint, with a mask token, a head or a prefix too', () => {
    const { size } = find(headerWith());
    expect(find(headerWith((tensors) => tensors.set('embeddings.mask_token', [1, 8]))).size).toBe(size);
    expect(find(headerWith((tensors) => tensors.set('classifier.weight', [10, 16]))).size).toBe(size);
    expect(find(headerWith(undefined, 'dinov2.')).get('dinov2.layernorm.bias')).toMatchObject({
      role: 'finalNorm.bias',
    });
  });

  it('takes a checkpoint in two files', () => {
    const first = headerWith((tensors) => tensors.delete('layernorm.weight'));
    expect(find(first, headerOf([['layernorm.weight', [8]]], 'second')).size).toBe(find(headerWith()).size);
    expect(() => find(first)).toThrow(/"layernorm.weight" is missing; config.json asks for it as \[8\]/);
  });

  it('names a mis-shaped tensor with both shapes, and its file', () => {
    const wrong = headerWith((tensors) => tensors.set('encoder.layer.1.mlp.fc2.weight', [8, 32]));
    expect(() => find(wrong)).toThrow(CheckpointTensorError);
    expect(() => find(wrong)).toThrow(
      /model\.safetensors: tensor "encoder\.layer\.1\.mlp\.fc2\.weight" is \[8, 32\]; config\.json asks for \[8, 16\]/,
    );
  });

  it('refuses a dtype that is not read', () => {
    const wrong = headerWith();
    wrong.header.tensors.at(-1)!.dtype = 'I8';
    expect(() => find(wrong)).toThrow(/has dtype I8/);
  });

  it('takes the encoder that this repository ships', () => {
    const folder = join(import.meta.dirname, '../../../public/models/encoder');
    const config = readVitConfig(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
    const header = readHeader(readFileSync(join(folder, 'model.safetensors')), 'model.safetensors');
    const found = findParameters(parametersOf(config), [{ fileName: 'model.safetensors', header }], 'dinov2');
    expect(found.size).toBe(tensorShapes(config).size);
  });
});
