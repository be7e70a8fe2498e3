import { describe, expect, it } from 'vitest';
import { Dinov2ConfigError, readDinov2Config } from './dinov2Config.ts';

/** The architecture fields of facebook/dinov2-small's config.json. */
const SMALL = {
  model_type: 'dinov2',
  hidden_size: 384,
  num_hidden_layers: 12,
  num_attention_heads: 6,
  patch_size: 14,
  image_size: 518,
  mlp_ratio: 4,
  layer_norm_eps: 1e-6,
  qkv_bias: true,
  num_channels: 3,
  hidden_act: 'gelu',
  use_swiglu_ffn: false,
};

describe('readDinov2Config', () => {
  it('reads the fields', () => {
    expect(readDinov2Config(SMALL)).toEqual({
      hiddenSize: 384,
      numHiddenLayers: 12,
      numAttentionHeads: 6,
      patchSize: 14,
      imageSize: 518,
      mlpRatio: 4,
      layerNormEps: 1e-6,
      qkvBias: true,
      numChannels: 3,
    });
  });

  it('fills in what transformers fills in', () => {
    const config = readDinov2Config({ model_type: 'dinov2' });
    expect(config).toMatchObject({ hiddenSize: 768, numHiddenLayers: 12, imageSize: 224, qkvBias: true });
  });

  it.each([
    [{ model_type: 'dinov2_with_registers' }, 'model_type', 'register tokens'],
    [{ num_register_tokens: 4 }, 'num_register_tokens', 'register tokens'],
    [{ use_swiglu_ffn: true }, 'use_swiglu_ffn', 'SwiGLU'],
    [{ model_type: 'vit' }, 'model_type', 'is "vit"; "dinov2" was expected'],
    [{ model_type: undefined }, 'model_type', '"dinov2" was expected'],
    [{ hidden_act: 'relu' }, 'hidden_act', '"gelu" was expected'],
    [{ hidden_size: 385 }, 'hidden_size', 'not a multiple of 6 heads'],
    [{ hidden_size: '384' }, 'hidden_size', 'a number above 0'],
    [{ num_hidden_layers: 1.5 }, 'num_hidden_layers', 'whole number'],
    [{ num_hidden_layers: 0 }, 'num_hidden_layers', 'above 0'],
    [{ num_channels: 1 }, 'num_channels', '3 was expected'],
    [{ image_size: 7 }, 'image_size', 'smaller than a patch'],
    [{ mlp_ratio: 0.3333 }, 'mlp_ratio', 'no whole width'],
  ])('refuses %j', (wrong, field, words) => {
    const read = () => readDinov2Config({ ...SMALL, ...wrong });
    expect(read).toThrow(Dinov2ConfigError);
    expect(read).toThrow(new RegExp(`config\\.json: ${field} .*${words}`));
  });

  it('refuses what is no object', () => {
    expect(() => readDinov2Config(null)).toThrow(/is not a JSON object/);
    expect(() => readDinov2Config([])).toThrow(Dinov2ConfigError);
  });
});
