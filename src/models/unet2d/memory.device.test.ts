import { describe, expect, it, vi } from 'vitest';
import { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { weightedMse } from '../../tensor/ops/weightedMse.ts';
import { computeNothing, testContext } from '../../testing/device.ts';
import { readUNet2DConfig } from './config.ts';
import { UNet2DLora } from './lora.ts';
import { imagesThatFit, largestTensor, unetMemory } from './memory.ts';
import { UNet2D } from './model.ts';
import { expectedUNet2DTensors } from './tensors.ts';
import { UNet2DWeightLoader } from './weights.ts';

/** A UNet of the built-in generator's form, thinner, at 32×32 latents. */
const config = readUNet2DConfig({
  ...{ _class_name: 'UNet2DConditionModel', sample_size: 32, attention_head_dim: 4 },
  ...{ block_out_channels: [32, 64, 96], layers_per_block: 1, cross_attention_dim: 32, norm_num_groups: 8 },
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
});
const SIDE = 32;

/** The pool's own count of the most that `body` had in use, and the largest it asked for at once. */
async function peakOf(context: Context, body: () => void): Promise<{ all: number; one: number }> {
  const { backend } = context;
  const alloc = vi.spyOn(backend, 'alloc');
  backend.trim();
  backend.resetPeak();
  body();
  await context.finish();
  const asked = alloc.mock.calls.map(([bytes]) => bytes);
  alloc.mockRestore();
  return { all: context.memory.peak, one: Math.max(...asked) };
}

describe('unetMemory', () => {
  it.each([false, true])('is within two fifths of what drawing and learning take (f16: %s)', async (half) => {
    const context = await testContext();
    // What the pool is asked for does not depend on what is computed: nothing has to be.
    const computeAgain = computeNothing(context);
    const loader = new UNet2DWeightLoader(context, config);
    for (const [name, shape] of expectedUNet2DTensors(config)) {
      const size = shape.reduce((a, b) => a * b, 1);
      // 0x2100 is about 0.01 in f16.
      loader.add(name, shape, half ? new Uint16Array(size).fill(0x2100) : new Float32Array(size).fill(0.01));
    }
    expect(loader.half).toBe(half);
    const unet = new UNet2D(context, config, loader.finish());
    for (const images of [1, 4]) {
      const inputs = () => ({
        sample: context.zeros([images, SIDE, SIDE, 4]),
        text: context.zeros([images, 8, 32]),
        timesteps: Array<number>(images).fill(10),
      });
      const drawing = await peakOf(context, () => {
        context.scope(() => {
          unet.forward(inputs());
          return undefined;
        });
      });
      const lora = UNet2DLora.create(
        context,
        config,
        { rank: 4, alpha: 4, targets: ['attention'] },
        new Philox(1),
      );
      const learning = await peakOf(context, () => {
        context.scope(() => {
          const { sample, ...rest } = inputs();
          const weights = context.zeros([images, SIDE, SIDE]);
          context.backward(() =>
            weightedMse(context, unet.forward({ sample, ...rest, lora }), sample, weights, 1),
          );
          return undefined;
        });
      });
      lora.release();
      for (const [training, measured] of [
        [false, drawing],
        [true, learning],
      ] as const) {
        const work = { images, side: SIDE, training, half };
        for (const [estimate, is, name] of [
          [unetMemory(config, work), measured.all, 'in all'],
          [largestTensor(config, work), measured.one, 'largest tensor'],
        ] as const) {
          const what = `${training ? 'learning' : 'drawing'} ${images}, ${name}: estimate / measured`;
          expect(estimate / is, what).toBeGreaterThan(0.6);
          expect(estimate / is, what).toBeLessThan(1.4);
        }
      }
    }
    loader.release();
    computeAgain();
  });
});

describe('imagesThatFit', () => {
  it.each([true, false])('is the last count within both limits (training: %s)', (training) => {
    const work = (images: number) => ({ images, side: SIDE, training, half: false });
    const all = unetMemory(config, work(5));
    const one = largestTensor(config, work(9));
    expect(imagesThatFit(config, work(0), { total: all, tensor: one })).toBe(5);
    expect(imagesThatFit(config, work(0), { total: all - 4, tensor: one })).toBe(4);
    expect(imagesThatFit(config, work(0), { total: 100 * all, tensor: one })).toBe(9);
    expect(imagesThatFit(config, work(0), { total: 1000, tensor: one })).toBe(0);
    expect(imagesThatFit(config, work(0), { total: all, tensor: 1000 })).toBe(0);
  });
});
