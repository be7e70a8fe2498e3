import { describe, expect, it } from 'vitest';
import { GeneratorFileError, localGenerator, readBytes, readJson } from './files.ts';
import { readVaeConfig } from './vae.ts';

const file = (path: string, content: string) => ({
  path,
  file: new File([content], path.split('/').at(-1)!),
});

describe('localGenerator', () => {
  const files = [file('sd/unet/config.json', '{"a": 1}'), file('sd/vae/config.json', '{broken')];
  const generator = localGenerator(files, 'sd');

  it('finds files beside its UNet, wherever the folder lies', async () => {
    expect(generator.id).toBe('local:sd');
    expect(await readJson(generator, 'unet/config.json')).toEqual({ a: 1 });
    expect(await generator.has('vae/config.json')).toBe(true);
    expect(await generator.has('config.json')).toBe(false);
    const nested = localGenerator([file('a/b/c/unet/config.json', '{}')], 'a');
    expect(await nested.has('unet/config.json')).toBe(true);
  });

  it('names what is missing or broken, and the remedy', async () => {
    expect(() => localGenerator([file('x/readme.md', '')], 'x')).toThrow(GeneratorFileError);
    expect(() => localGenerator([file('x/readme.md', '')], 'x')).toThrow('unet/config.json');
    await expect(readBytes(generator, 'vae_decoder/model.onnx')).rejects.toThrow('optimum');
    await expect(readBytes(generator, 'scheduler/scheduler_config.json')).rejects.toThrow(
      'as diffusers saves it',
    );
    await expect(readJson(generator, 'vae/config.json')).rejects.toThrow('vae/config.json is not JSON');
  });
});

describe('readVaeConfig', () => {
  it('has the scale and how much smaller latents are', () => {
    const blocks = { block_out_channels: [128, 256, 512, 512] };
    expect(readVaeConfig(blocks)).toEqual({ scalingFactor: 0.18215, downsampling: 8 });
    expect(() => readVaeConfig({ ...blocks, shift_factor: 0.1 })).toThrow('shift_factor');
    expect(() => readVaeConfig({ ...blocks, scaling_factor: -1 })).toThrow('scaling_factor');
    expect(() => readVaeConfig({})).toThrow('block_out_channels');
  });
});
