import { describe, expect, it } from 'vitest';
import { fetchFolder } from '../../headless/golden/fetchFolder.ts';
import { testContext } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { testHalves } from '../../testing/halves.ts';
import { served } from '../../testing/served.ts';
import { readUNet2DConfig } from './config.ts';
import { UNet2D } from './model.ts';
import { expectedUNet2DTensors } from './tensors.ts';
import { UNet2DTensorError, UNet2DWeightLoader } from './weights.ts';

const folder = fetchFolder(served('/src/testing/golden/unet/model/'));

describe('UNet2DWeightLoader', () => {
  it('keeps f16 files as f16: half the memory, the same output as in f32', async () => {
    const context = await testContext();
    const config = readUNet2DConfig(await folder.json('config.json'));
    const results = [];
    const memory = [];
    for (const kind of ['values', 'bits'] as const) {
      const before = context.memory.used;
      const loader = new UNet2DWeightLoader(context, config);
      let seed = 0;
      for (const [name, shape] of expectedUNet2DTensors(config)) {
        const halves = testHalves(
          shape.reduce((a, b) => a * b),
          seed++,
          -4,
        );
        loader.add(name, shape, halves[kind]);
      }
      memory.push(context.memory.used - before);
      const unet = new UNet2D(context, config, loader.finish());
      const side = config.sampleSize;
      const sample = context.fromArray(testNumbers(side * side * config.inChannels, 7), [
        ...[1, side, side, config.inChannels],
      ]);
      const text = context.fromArray(testNumbers(5 * config.crossAttentionDim, 8), [
        ...[1, 5, config.crossAttentionDim],
      ]);
      const output = unet.forward({ sample, timesteps: [300], text, lora: undefined });
      results.push(await context.read(output));
      for (const tensor of [output, sample, text]) tensor.release();
      loader.release();
      expect(context.memory.used).toBe(before);
    }
    expect(Math.max(...results[0]!.map(Math.abs))).toBeGreaterThan(0.01);
    expect(results[1]).toBeAllclose(results[0]!, { rtol: 1e-5, atol: 1e-6 });
    // Norms and biases stay f32.
    expect(memory[1]! / memory[0]!).toBeLessThan(0.55);
  });

  it('refuses attention whose parts differ in precision', async () => {
    const context = await testContext();
    const config = readUNet2DConfig(await folder.json('config.json'));
    const loader = new UNet2DWeightLoader(context, config);
    const [name, shape] = [...expectedUNet2DTensors(config)].find(([key]) =>
      key.endsWith('attn1.to_q.weight'),
    )!;
    const { bits, values } = testHalves(shape[0]! * shape[1]!, 1);
    loader.add(name, shape, bits);
    expect(() => loader.add(name.replace('to_q', 'to_k'), shape, values)).toThrow(UNet2DTensorError);
    loader.release();
  });
});
