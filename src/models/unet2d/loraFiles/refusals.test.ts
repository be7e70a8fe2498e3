import { describe, expect, it } from 'vitest';
import { Philox } from '../../../random/philox.ts';
import { kohyaName } from './exports.ts';
import { importUNetLora } from './import.ts';
import { config, madeModule, type TypedTensor, typed, typedFile } from './testing.ts';

const Q = 'down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q';
const CONV = 'mid_block.resnets.0.conv1';
const { A, B, inFeatures, outFeatures } = madeModule(Q, 4, 4, new Philox(1));
const KOHYA = kohyaName(Q);
const one = typed('F32', [1], [1]);
const sound: Record<string, TypedTensor> = {
  [`${KOHYA}.lora_down.weight`]: typed('F32', [4, inFeatures], A),
  [`${KOHYA}.lora_up.weight`]: typed('F32', [outFeatures, 4], B),
};
const read = (tensors: Record<string, TypedTensor>) =>
  importUNetLora(typedFile(tensors), 'my LoRA.safetensors', config);
const pair = (name: string) => ({ [`${name}.lora_down.weight`]: one, [`${name}.lora_up.weight`]: one });

describe('what cannot be adapted', () => {
  it('is left out with one note of how many modules', () => {
    const { adapter, notes } = read({
      ...sound,
      ...pair('lora_te_text_model_encoder_layers_0_self_attn_q_proj'),
      'lora_te_text_model_encoder_layers_0_self_attn_q_proj.alpha': typed('I64', [], [4]),
      ...pair('lora_te_text_model_encoder_layers_1_mlp_fc1'),
      ...pair('lora_te1_text_model_encoder_layers_2_mlp_fc1'),
      'text_encoder.text_model.encoder.layers.3.self_attn.q_proj.lora_linear_layer.up.weight': one,
      'text_encoder.text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight': one,
      ...pair(kohyaName('up_blocks.0.resnets.0.conv_shortcut')),
      ...pair(kohyaName('up_blocks.0.resnets.0.time_emb_proj')),
      ...pair(kohyaName('mid_block.resnets.0.time_emb_proj')),
      ...pair(kohyaName('down_blocks.0.downsamplers.0.conv')),
      ...pair(kohyaName('up_blocks.0.upsamplers.0.conv')),
      ...pair('lora_unet_conv_in'),
      ...pair('lora_unet_input_blocks_2_0_op'),
      'unet.conv_out.lora.down.weight': one,
      'unet.time_embedding.linear_1.lora_A.weight': one,
      'bundle_emb.dog.string_to_param.*': one,
      ...pair('text_encoders.clip_l.transformer.text_model.encoder.layers.4.mlp.fc1'),
      ...pair('clip_l.transformer.text_model.encoder.layers.5.mlp.fc1'),
      ...pair('cond_stage_model.transformer.text_model.encoder.layers.6.mlp.fc1'),
      'base_model.model.text_encoder.text_model.encoder.layers.7.mlp.fc1.lora_A.weight': one,
    });
    expect(Object.keys(adapter.modules)).toEqual([Q]);
    expect(notes).toEqual([
      'my LoRA.safetensors: left out, because they cannot be adapted here: text encoder (8 modules), ' +
        'conv_shortcut (1 module), time_emb_proj (2 modules), downsamplers (1 module), upsamplers (1 module), ' +
        'conv_in (1 module), conv_out (1 module), time_embedding (1 module), embeddings of words (1 module).',
    ]);
  });

  it('is an error when nothing else is there', () => {
    expect(() => read(pair('lora_te_text_model_encoder_layers_1_mlp_fc1'))).toThrow(
      'my LoRA.safetensors has nothing that can be adapted here, only text encoder (1 module)',
    );
    expect(() => read({ 'model.weight': one })).toThrow('has no LoRA of a UNet');
    expect(() => read({})).toThrow('has no LoRA of a UNet');
  });
});

describe('files that are refused by name', () => {
  it.each([
    [`${KOHYA}.hada_w1_a`, 'LoHa'],
    [`${KOHYA}.hada_t2`, 'LoHa'],
    [`${KOHYA}.lokr_w1`, 'LoKr'],
    [`${KOHYA}.lokr_w2_b`, 'LoKr'],
    [`${KOHYA}.dora_scale`, 'DoRA'],
    [`unet.${Q}.lora_magnitude_vector`, 'DoRA'],
    [`unet.${Q}.lora_magnitude_vector.default.weight`, 'DoRA'],
    [`unet.${Q}.lora_B.bias`, 'biases'],
    [`unet.${Q}.lora_B.default.bias`, 'biases'],
    [`${KOHYA}.lora_up.bias`, 'biases'],
    [`unet.${Q}.lora.up.bias`, 'biases'],
    [`${KOHYA}.diff`, 'whole differences'],
    [`${KOHYA}.diff_b`, 'whole differences'],
    [`${kohyaName('mid_block.resnets.0.norm1')}.w_norm`, 'normalizations'],
    [`${KOHYA}.a1.weight`, 'GLoRA'],
    [`${KOHYA}.oft_blocks`, 'OFT'],
    [`unet.${Q}.oft_R.default.weight`, 'OFT'],
    [`${KOHYA}.on_input`, '(IA)³'],
    [`unet.${Q}.lora_E`, 'AdaLoRA'],
    [
      'down_blocks.1.attentions.0.transformer_blocks.0.attn2.processor.to_k_custom_diffusion.weight',
      'Custom',
    ],
    ['lora_controlnet', 'Control-LoRA'],
  ])('%s', (name, kind) => {
    for (const tensors of [{ ...sound, [name]: one }, { [name]: one }]) {
      expect(() => read(tensors)).toThrow(`my LoRA.safetensors: ${name}`);
      expect(() => read(tensors)).toThrow(kind);
    }
  });

  it('with A of one adapter and B of another', () => {
    const [down, up] = Object.values(sound) as [TypedTensor, TypedTensor];
    const [A, B] = [`unet.${Q}.lora_A.a.weight`, `unet.${Q}.lora_B.b.weight`];
    expect(() => read({ [A]: down, [B]: up })).toThrow(`${A} and ${B} are for the same layer`);
  });

  it('of rank 0', () => {
    const [down, up] = Object.keys(sound) as [string, string];
    const empty = { [down]: typed('F32', [0, inFeatures], []), [up]: typed('F32', [outFeatures, 0], []) };
    expect(() => read(empty)).toThrow(`${down} is [0, ${inFeatures}], so there is no number in it`);
  });

  it('with half a pair', () => {
    const [down, up] = Object.keys(sound) as [string, string];
    expect(() => read({ [down]: sound[down]! })).toThrow(`${up} is missing beside ${down}`);
    expect(() => read({ [up]: sound[up]! })).toThrow(`${down} is missing beside ${up}`);
    expect(() => read({ [`unet.${Q}.lora_B.default.weight`]: sound[up]! })).toThrow(
      `unet.${Q}.lora_A.default.weight is missing`,
    );
    expect(() => read({ ...sound, [`${kohyaName(CONV)}.alpha`]: one })).toThrow(
      `${kohyaName(CONV)}.alpha is all there is of ${CONV}`,
    );
  });

  it.each([
    ['NaN', Number.NaN],
    ['an infinite number', Number.POSITIVE_INFINITY],
    ['an infinite number', Number.NEGATIVE_INFINITY],
  ])('with %s', (words, wrong) => {
    for (const name of Object.keys(sound)) {
      for (const dtype of ['F32', 'BF16', 'F64'] as const) {
        const { shape } = sound[name]!;
        const numbers = Array<number>(shape[0]! * shape[1]!).fill(0.5);
        numbers[numbers.length - 1] = wrong;
        const file = () => read({ ...sound, [name]: typed(dtype, shape, numbers) });
        expect(file).toThrow(`my LoRA.safetensors: ${name} has ${words}`);
      }
    }
  });

  it('whose strength makes its numbers infinite', () => {
    const file = { ...sound, [`${KOHYA}.alpha`]: typed('F64', [], [1e300]) };
    expect(() => read(file)).toThrow(`${KOHYA}.lora_up.weight at the strength of 2.5e+299`);
  });

  it.each(['I8', 'U8', 'I64', 'BOOL', 'F8_E4M3', 'F8_E5M2'] as const)('with weights of %s', (dtype) => {
    for (const [name, { shape }] of Object.entries(sound)) {
      const file = { ...sound, [name]: typed(dtype, shape, Array<number>(shape[0]! * shape[1]!).fill(1)) };
      expect(() => read(file)).toThrow(`my LoRA.safetensors: ${name} has dtype ${dtype}`);
    }
  });

  it('with a dtype that is not known', () => {
    const file = { ...sound, 'x.lora_A.weight': { ...one, dtype: 'F6_E2M3' as 'F32' } };
    expect(() => read(file)).toThrow(
      /my LoRA\.safetensors, tensor "x\.lora_A\.weight".*dtype "F6_E2M3" is not known/,
    );
  });

  it('of another generator, with both shapes', () => {
    const wide = {
      ...pair('lora_te2_text_model_encoder_layers_0_mlp_fc1'),
      ...pair('lora_unet_input_blocks_8_1_transformer_blocks_9_attn1_to_q'),
    };
    expect(() => read({ ...sound, ...wide })).toThrow(
      /input_blocks_8_1_transformer_blocks_9_attn1_to_q\.lora_down\.weight \[1\] belongs to no layer.*Stable Diffusion XL/,
    );
    const zeros = (...shape: number[]) => typed('F32', shape, Array(shape.reduce((a, b) => a * b)).fill(0));
    const misfit = {
      ...wide,
      [`${KOHYA}.lora_down.weight`]: zeros(4, 640),
      [`${KOHYA}.lora_up.weight`]: zeros(640, 4),
    };
    expect(() => read(misfit)).toThrow(
      `my LoRA.safetensors: ${KOHYA}.lora_down.weight is [4, 640] and ${KOHYA}.lora_up.weight is [640, 4]; this generator’s layer takes [rank, 64] and [64, rank]. The LoRA was made for another generator.`,
    );
    // As many numbers, but turned round; ranks that differ.
    for (const [down, up] of [
      [zeros(64, 4), zeros(64, 4)],
      [zeros(4, 64), zeros(4, 64)],
      [zeros(4, 64), zeros(64, 2)],
      [zeros(4, 64, 3, 3), zeros(64, 4, 1, 1)],
    ] as const) {
      const tensors = { [`${KOHYA}.lora_down.weight`]: down, [`${KOHYA}.lora_up.weight`]: up };
      expect(() => read(tensors)).toThrow('another generator');
    }
  });

  it('with two LoRAs for one layer', () => {
    const again = { [`unet.${Q}.lora_A.weight`]: one, [`unet.${Q}.lora_B.weight`]: one };
    expect(() => read({ ...sound, ...again })).toThrow(
      `${KOHYA}.lora_down.weight and unet.${Q}.lora_A.weight are for the same layer`,
    );
  });

  it('with a tensor that is no part of a LoRA', () => {
    expect(() => read({ ...sound, [`unet.${Q}.base_layer.weight`]: one })).toThrow(
      `unet.${Q}.base_layer.weight is no part of a LoRA`,
    );
  });
});
