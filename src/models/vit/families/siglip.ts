import { type VitConfig, VitConfigError } from '../config.ts';
import type { VitFamily } from '../family.ts';
import type { ConfigFields } from '../fields.ts';

/**
 * The vision tower of SigLIP (arXiv 2303.15343) and of SigLIP 2 at one size (arXiv 2502.14786): no class token, tanh GELU, and a
 * head that pools by attention.
 */
export const siglip: VitFamily = {
  name: 'siglip',
  modelTypes: ['siglip', 'siglip_vision_model', 'siglip2'],
  read,
  names: {
    prefixes: ['vision_model.', ''],
    positions: ['embeddings.position_embedding.weight'],
    patch: ['embeddings.patch_embedding'],
    layer: ['encoder.layers.N'],
    norm1: ['layer_norm1'],
    query: ['self_attn.q_proj'],
    key: ['self_attn.k_proj'],
    value: ['self_attn.v_proj'],
    output: ['self_attn.out_proj'],
    norm2: ['layer_norm2'],
    fc1: ['mlp.fc1'],
    fc2: ['mlp.fc2'],
    finalNorm: ['post_layernorm'],
  },
};

function read(fields: ConfigFields): VitConfig {
  if (fields.raw('model_type') === 'siglip2') {
    throw new VitConfigError(
      'model_type',
      'is "siglip2", a model of varying patch counts (NaFlex), which is not supported',
      'Choose one of a fixed size, such as google/siglip2-base-patch16-224.',
    );
  }
  const vision = fields.raw('model_type') === 'siglip' ? fields.inside('vision_config') : fields;
  const patch = vision.whole('patch_size', 16);
  const imageSize = vision.whole('image_size', 224);
  return {
    family: 'siglip',
    ...{ width: vision.whole('hidden_size', 768), patch, imageSize },
    channels: vision.whole('num_channels', 3),
    layers: vision.whole('num_hidden_layers', 12),
    heads: vision.whole('num_attention_heads', 12),
    eps: vision.number('layer_norm_eps', 1e-6),
    prefix: { classToken: false, registers: 0 },
    position: { kind: 'table', grid: Math.floor(imageSize / patch), withClass: false, antialias: false },
    ...{ patchBias: true, preNorm: false, layerScale: false, outputBias: true },
    qkvBias: [true, true, true],
    mlp: {
      kind: 'plain',
      activation: vision.activation('hidden_act', 'gelu_pytorch_tanh'),
      hidden: vision.whole('intermediate_size', 3072),
      bias: true,
    },
    ...{ pooled: 'attentionHead', projection: null },
  };
}
