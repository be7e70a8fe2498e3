import { describe, expect, it } from 'vitest';
import { VitConfigError } from './config.ts';
import { readRunnableConfig } from './runnable.ts';

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

describe('readRunnableConfig', () => {
  it('reads the fields', () => {
    expect(readRunnableConfig(SMALL)).toEqual({
      family: 'dinov2',
      ...{ width: 384, layers: 12, heads: 6, patch: 14, channels: 3, imageSize: 518, eps: 1e-6 },
      prefix: { classToken: true, registers: 0 },
      position: { kind: 'table', grid: 37, withClass: true, antialias: false },
      ...{ patchBias: true, preNorm: false, layerScale: true, qkvBias: [true, true, true], outputBias: true },
      mlp: { kind: 'plain', activation: 'gelu', hidden: 1536, bias: true },
      ...{ pooled: 'class', projection: null },
    });
  });

  it('fills in what transformers fills in', () => {
    const config = readRunnableConfig({ model_type: 'dinov2' });
    expect(config).toMatchObject({ width: 768, layers: 12, imageSize: 224, qkvBias: [true, true, true] });
  });

  it.each([
    [{ use_swiglu_ffn: true }, 'use_swiglu_ffn', 'SwiGLU'],
    [{ model_type: 'vit' }, 'model_type', 'is of the family vit'],
    [{ model_type: 'bert' }, 'model_type', 'is "bert"; one of dinov2, .* was expected'],
    [{ hidden_act: 'relu' }, 'hidden_act', 'one of gelu, .* was expected'],
    [{ hidden_size: 385 }, 'hidden_size', 'not a multiple of 6 heads'],
    [{ hidden_size: '384' }, 'hidden_size', 'a whole number of at least 1'],
    [{ num_hidden_layers: 1.5 }, 'num_hidden_layers', 'whole number'],
    [{ num_hidden_layers: 0 }, 'num_hidden_layers', 'at least 1'],
    [{ num_channels: 1 }, 'num_channels', '3 was expected'],
    [{ image_size: 7 }, 'image_size', 'smaller than a patch'],
    [{ mlp_ratio: 0.3333 }, 'mlp_ratio', 'which is not whole'],
  ])('refuses %j', (wrong, field, words) => {
    const read = () => readRunnableConfig({ ...SMALL, ...wrong });
    expect(read).toThrow(VitConfigError);
    expect(read).toThrow(new RegExp(`config\\.json: ${field} .*${words}`));
  });

  it('refuses what is no object', () => {
    expect(() => readRunnableConfig(null)).toThrow(/is not a JSON object/);
    expect(() => readRunnableConfig([])).toThrow(VitConfigError);
  });
});
