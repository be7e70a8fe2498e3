import type { VitConfig } from '../config.ts';
import type { VitFamily } from '../family.ts';
import type { ConfigFields } from '../fields.ts';

/**
 * The plain vision transformer (arXiv 2010.11929), which DINO (arXiv 2104.14294) and the encoder of MAE (arXiv 2111.06377) are
 * too. MAE's decoder is left out; its encoder is run without masking.
 */
export const vit: VitFamily = {
  name: 'vit',
  modelTypes: ['vit', 'vit_mae'],
  read,
  names: {
    prefixes: ['', 'vit.'],
    classToken: ['embeddings.cls_token'],
    positions: ['embeddings.position_embeddings'],
    patch: ['embeddings.patch_embeddings.projection'],
    layer: ['encoder.layer.N', 'layers.N'],
    norm1: ['layernorm_before'],
    query: ['attention.attention.query', 'attention.q_proj'],
    key: ['attention.attention.key', 'attention.k_proj'],
    value: ['attention.attention.value', 'attention.v_proj'],
    output: ['attention.output.dense', 'attention.o_proj'],
    norm2: ['layernorm_after'],
    fc1: ['intermediate.dense', 'mlp.fc1'],
    fc2: ['output.dense', 'mlp.fc2'],
    finalNorm: ['layernorm'],
  },
};

function read(fields: ConfigFields): VitConfig {
  const bias = fields.flag('qkv_bias', true);
  const patch = fields.whole('patch_size', 16);
  const imageSize = fields.whole('image_size', 224);
  return {
    family: fields.raw('model_type') === 'vit_mae' ? 'mae' : 'vit',
    ...{ width: fields.whole('hidden_size', 768), patch, imageSize },
    channels: fields.whole('num_channels', 3),
    layers: fields.whole('num_hidden_layers', 12),
    heads: fields.whole('num_attention_heads', 12),
    eps: fields.number('layer_norm_eps', 1e-12),
    prefix: { classToken: true, registers: 0 },
    position: { kind: 'table', grid: Math.floor(imageSize / patch), withClass: true, antialias: false },
    ...{ patchBias: true, preNorm: false, layerScale: false, outputBias: true },
    qkvBias: [bias, bias, bias],
    mlp: {
      kind: 'plain',
      activation: fields.activation('hidden_act', 'gelu'),
      hidden: fields.whole('intermediate_size', 3072),
      bias: true,
    },
    ...{ pooled: 'class', projection: null },
  };
}
