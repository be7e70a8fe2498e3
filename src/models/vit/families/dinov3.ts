import type { VitConfig } from '../config.ts';
import type { VitFamily } from '../family.ts';
import type { ConfigFields } from '../fields.ts';

/** DINOv3 (arXiv 2508.10104): rotary positions, registers, in the larger models a gated MLP; keys have no bias. */
export const dinov3: VitFamily = {
  name: 'dinov3',
  modelTypes: ['dinov3_vit'],
  read,
  names: {
    prefixes: ['', 'model.'],
    classToken: ['embeddings.cls_token'],
    registers: ['embeddings.register_tokens'],
    patch: ['embeddings.patch_embeddings', 'embeddings.patch_embeddings.projection'],
    layer: ['layer.N', 'model.layer.N', 'layers.N'],
    norm1: ['norm1'],
    query: ['attention.q_proj'],
    key: ['attention.k_proj'],
    value: ['attention.v_proj'],
    output: ['attention.o_proj'],
    scale1: ['layer_scale1.lambda1'],
    norm2: ['norm2'],
    fc1: ['mlp.up_proj'],
    fc2: ['mlp.down_proj'],
    gated: { first: [['mlp.gate_proj'], ['mlp.up_proj']], second: ['mlp.down_proj'] },
    scale2: ['layer_scale2.lambda1'],
    finalNorm: ['norm'],
  },
};

function read(fields: ConfigFields): VitConfig {
  const gated = fields.flag('use_gated_mlp', false);
  const width = fields.whole('hidden_size', 384);
  return {
    family: 'dinov3',
    ...{ width, patch: fields.whole('patch_size', 16), imageSize: fields.whole('image_size', 224) },
    channels: fields.whole('num_channels', 3),
    layers: fields.whole('num_hidden_layers', 12),
    heads: fields.whole('num_attention_heads', 6),
    eps: fields.number('layer_norm_eps', 1e-5),
    prefix: { classToken: true, registers: fields.whole('num_register_tokens', 0, 0) },
    position: { kind: 'rope2d', theta: fields.number('rope_theta', 100) },
    ...{ patchBias: true, preNorm: false, layerScale: true, outputBias: fields.flag('proj_bias', true) },
    qkvBias: [
      fields.flag('query_bias', true),
      fields.flag('key_bias', false),
      fields.flag('value_bias', true),
    ],
    mlp: {
      kind: gated ? 'gated' : 'plain',
      activation: fields.activation('hidden_act', 'gelu'),
      hidden: fields.whole('intermediate_size', 4 * width),
      bias: fields.flag('mlp_bias', true),
    },
    ...{ pooled: 'class', projection: null },
  };
}
