import { describe, expect, it } from 'vitest';
import { latentMultiple, readUNet2DConfig, UNet2DConfigError } from './config.ts';
import { layoutUNet2D, transformersOf } from './layout.ts';
import { expectedUNet2DTensors } from './tensors.ts';

/** What Stable Diffusion 1.5's unet/config.json says beyond diffusers' defaults. */
const SD15 = {
  _class_name: 'UNet2DConditionModel',
  attention_head_dim: 8,
  block_out_channels: [320, 640, 1280, 1280],
  cross_attention_dim: 768,
  layers_per_block: 2,
  sample_size: 64,
};
/** And Stable Diffusion 2.1's. */
const SD21 = {
  ...SD15,
  attention_head_dim: [5, 10, 20, 20],
  cross_attention_dim: 1024,
  sample_size: 96,
  use_linear_projection: true,
};

/** Numbers and tensors of a checkpoint. */
function sizeOf(json: unknown): [parameters: number, tensors: number] {
  const shapes = [...expectedUNet2DTensors(readUNet2DConfig(json)).values()];
  return [shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0), shapes.length];
}

describe('UNet2D by config', () => {
  it('has the published size of Stable Diffusion 1.5 and 2.1', () => {
    expect(sizeOf(SD15)).toEqual([859_520_964, 686]);
    expect(sizeOf(SD21)).toEqual([865_910_724, 686]);
  });

  it('lays out Stable Diffusion 1.5: sixteen transformers, skips joined on the way up', () => {
    const config = readUNet2DConfig(SD15);
    const layout = layoutUNet2D(config);
    expect(transformersOf(layout)).toHaveLength(16);
    expect(layout.up.map(({ stages }) => stages.map(({ resnet }) => resnet.inChannels))).toEqual([
      [2560, 2560, 2560],
      [2560, 2560, 1920],
      [1920, 1280, 960],
      [960, 640, 640],
    ]);
    expect(layout.up[0]!.stages[0]!.transformer).toBeUndefined();
    expect(layout.down[3]!.resample).toBeUndefined();
    expect(latentMultiple(config)).toBe(8);
  });

  it.each([
    ['resnet_time_scale_shift', 'scale_shift'],
    ['class_embed_type', 'timestep'],
    ['addition_embed_type', 'text_time'],
    ['mid_block_type', 'UNetMidBlock2D'],
    ['down_block_types', ['DownBlock2D', 'AttnDownBlock2D', 'DownBlock2D', 'DownBlock2D']],
    ['in_channels', 9],
    ['cross_attention_dim', 0],
    ['layers_per_block', [2, 2]],
    ['attention_head_dim', 3],
    ['block_out_channels', [320, 640]],
  ])('refuses %s = %j by name', (field, value) => {
    const read = () => readUNet2DConfig({ ...SD15, [field]: value });
    expect(read).toThrow(UNet2DConfigError);
    expect(read).toThrow(field);
  });

  it('refuses what is no config', () => {
    expect(() => readUNet2DConfig([])).toThrow('not a JSON object');
  });
});
