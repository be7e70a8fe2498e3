import type { VitConfig } from '../config.ts';
import type { VitFamily } from '../family.ts';
import type { ConfigFields } from '../fields.ts';

/**
 * DINOv2 (arXiv 2304.07193), also with register tokens (arXiv 2309.16588), and the giant model's SwiGLU. Fields that are left
 * out have the defaults of transformers' `Dinov2Config`.
 */
export const dinov2: VitFamily = {
  name: 'dinov2',
  modelTypes: ['dinov2', 'dinov2_with_registers'],
  read,
  names: {
    prefixes: ['', 'dinov2.', 'dinov2_with_registers.'],
    classToken: ['embeddings.cls_token'],
    registers: ['embeddings.register_tokens'],
    positions: ['embeddings.position_embeddings'],
    patch: ['embeddings.patch_embeddings.projection'],
    layer: ['encoder.layer.N', 'layers.N'],
    norm1: ['norm1'],
    query: ['attention.attention.query', 'attention.q_proj'],
    key: ['attention.attention.key', 'attention.k_proj'],
    value: ['attention.attention.value', 'attention.v_proj'],
    output: ['attention.output.dense', 'attention.o_proj'],
    scale1: ['layer_scale1.lambda1'],
    norm2: ['norm2'],
    fc1: ['mlp.fc1'],
    fc2: ['mlp.fc2'],
    gated: { first: [['mlp.weights_in']], second: ['mlp.weights_out'] },
    scale2: ['layer_scale2.lambda1'],
    finalNorm: ['layernorm'],
  },
};

function read(fields: ConfigFields): VitConfig {
  const withRegisters = fields.raw('model_type') === 'dinov2_with_registers';
  const width = fields.whole('hidden_size', 768);
  const plain = width * fields.number('mlp_ratio', 4);
  const gated = fields.flag('use_swiglu_ffn', false);
  const bias = fields.flag('qkv_bias', true);
  const patch = fields.whole('patch_size', 14);
  const imageSize = fields.whole('image_size', 224);
  return {
    family: 'dinov2',
    ...{ width, patch, imageSize, channels: fields.whole('num_channels', 3) },
    layers: fields.whole('num_hidden_layers', 12),
    heads: fields.whole('num_attention_heads', 12),
    eps: fields.number('layer_norm_eps', 1e-6),
    prefix: { classToken: true, registers: fields.whole('num_register_tokens', withRegisters ? 4 : 0, 0) },
    position: {
      kind: 'table',
      grid: Math.floor(imageSize / patch),
      withClass: true,
      antialias: withRegisters,
    },
    ...{ patchBias: true, preNorm: false, layerScale: true, outputBias: true },
    qkvBias: [bias, bias, bias],
    mlp: gated
      ? { kind: 'gated', activation: 'silu', hidden: swigluWidth(plain), bias: true }
      : { kind: 'plain', activation: fields.activation('hidden_act', 'gelu'), hidden: plain, bias: true },
    ...{ pooled: 'class', projection: null },
  };
}

/** Two thirds of the plain width, up to a multiple of eight: a gated MLP has three matrices for two. */
function swigluWidth(plain: number): number {
  return Math.floor((Math.floor((plain * 2) / 3) + 7) / 8) * 8;
}
