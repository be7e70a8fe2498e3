import type { VitConfig } from '../config.ts';
import type { VitFamily } from '../family.ts';
import { ConfigFields } from '../fields.ts';

/**
 * The vision tower of CLIP (arXiv 2103.00020): a LayerNorm before the first layer, no bias of patches, quick GELU, a projection
 * of the class token. Config files say only what differs from transformers' `CLIPVisionConfig`.
 */
export const clip: VitFamily = {
  name: 'clip',
  modelTypes: ['clip', 'clip_vision_model'],
  read,
  names: {
    prefixes: ['vision_model.', ''],
    classToken: ['embeddings.class_embedding'],
    positions: ['embeddings.position_embedding.weight'],
    patch: ['embeddings.patch_embedding'],
    preNorm: ['pre_layrnorm'],
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
    projection: ['visual_projection.weight'],
  },
};

function read(fields: ConfigFields): VitConfig {
  const whole = fields.raw('model_type') === 'clip';
  // Old files say things twice; of the two, the `_dict` wins.
  const vision = whole
    ? new ConfigFields({
        ...((fields.raw('vision_config') as object | undefined) ?? {}),
        ...((fields.raw('vision_config_dict') as object | undefined) ?? {}),
      })
    : fields;
  const patch = vision.whole('patch_size', 32);
  const imageSize = vision.whole('image_size', 224);
  return {
    family: 'clip',
    ...{ width: vision.whole('hidden_size', 768), patch, imageSize },
    channels: vision.whole('num_channels', 3),
    layers: vision.whole('num_hidden_layers', 12),
    heads: vision.whole('num_attention_heads', 12),
    eps: vision.number('layer_norm_eps', 1e-5),
    prefix: { classToken: true, registers: 0 },
    position: { kind: 'table', grid: Math.floor(imageSize / patch), withClass: true, antialias: false },
    ...{ patchBias: false, preNorm: true, layerScale: false, outputBias: true },
    qkvBias: [true, true, true],
    mlp: {
      kind: 'plain',
      activation: vision.activation('hidden_act', 'quick_gelu'),
      hidden: vision.whole('intermediate_size', 3072),
      bias: true,
    },
    ...{ pooled: 'class', projection: whole ? fields.whole('projection_dim', 512) : null },
  };
}
