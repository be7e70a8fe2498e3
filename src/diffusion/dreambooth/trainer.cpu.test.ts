import { describe, expect, it } from 'vitest';
import { fetchFolder } from '../../headless/golden/fetchFolder.ts';
import { readUNet2DConfig } from '../../models/unet2d/config.ts';
import { UNet2D } from '../../models/unet2d/model.ts';
import { UNet2DWeightLoader } from '../../models/unet2d/weights.ts';
import type { Context } from '../../tensor/context.ts';
import { randomClipText, TINY_CLIP_TEXT } from '../../testing/clipText.ts';
import { testContext } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { served } from '../../testing/served.ts';
import { readSchedulerConfig } from '../schedulers/noiseSchedule.ts';
import { DREAMBOOTH_PRESETS } from './presets.ts';
import type { DreamBoothSettings } from './settings.ts';
import { type DreamBoothCheckpoint, type DreamBoothData, DreamBoothTrainer } from './trainer.ts';

const folder = fetchFolder(served('/src/testing/golden/unet/model/'));
const scheduler = readSchedulerConfig({
  ...{ beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' },
});
const settings: DreamBoothSettings = {
  ...DREAMBOOTH_PRESETS.embedded,
  ...{ batch: 2, learningRate: 5e-3, seed: 9 },
  lora: { rank: 4, alpha: 4, targets: ['attention', 'feedForward', 'convolutions'] },
};
const text = (seed: number) => ({ values: testNumbers(3 * 24, seed), shape: [1, 3, 24] as const });
const data: DreamBoothData = {
  instances: {
    latents: [testNumbers(64, 1), testNumbers(64, 2)],
    weights: [testNumbers(16, 3).map(Math.abs), new Float32Array(16).fill(1)],
  },
  prior: { latents: [testNumbers(64, 4)], weights: [new Float32Array(16).fill(1)] },
  ...{ size: 4, channels: 4, instanceText: text(5), classText: text(6) },
};

async function withUNet(body: (context: Context, unet: UNet2D) => Promise<void>): Promise<void> {
  const context = await testContext();
  const before = context.memory.used;
  const config = readUNet2DConfig(await folder.json('config.json'));
  const loader = new UNet2DWeightLoader(context, config);
  for (const [name, { shape, values }] of await folder.tensors('diffusion_pytorch_model.safetensors')) {
    loader.add(name, shape, values);
  }
  await body(context, new UNet2D(context, config, loader.finish()));
  loader.release();
  expect(context.memory.used).toBe(before);
}

async function run(
  trainer: DreamBoothTrainer,
  steps: number,
): Promise<{ losses: number[]; checkpoint: DreamBoothCheckpoint }> {
  const losses: number[] = [];
  while (trainer.step < steps) {
    trainer.runStep();
    losses.push(...(await trainer.drain()).map(({ loss }) => loss));
  }
  return { losses, checkpoint: await trainer.checkpoint() };
}

describe('DreamBoothTrainer', () => {
  it('is the same whole and image by image, on attention, feed-forward and convolutions', async () => {
    await withUNet(async (context, unet) => {
      const results = [];
      for (const microBatch of [4, 1]) {
        const trainer = new DreamBoothTrainer(context, unet, scheduler, settings, data, microBatch);
        results.push(await run(trainer, 3));
        trainer.release();
      }
      const [whole, parts] = results;
      expect(whole!.losses).toHaveLength(3);
      expect(whole!.losses).toBeAllclose(parts!.losses, { rtol: 1e-4 });
      const { modules } = whole!.checkpoint.adapter;
      expect(Object.keys(modules).some((path) => path.endsWith('conv1'))).toBe(true);
      for (const [path, { A, B }] of Object.entries(parts!.checkpoint.adapter.modules)) {
        // Adam's first steps move by the sign of the gradient: tiny differences may flip where it is nearly zero.
        expect(meanDifference(A, modules[path]!.A), path).toBeLessThan(2e-4);
        expect(meanDifference(B, modules[path]!.B), path).toBeLessThan(2e-4);
        expect(Math.max(...B.map(Math.abs)), path).toBeGreaterThan(0);
      }
    });
  });

  it('learns under several captions as under one where all say the same', async () => {
    await withUNet(async (context, unet) => {
      const { values } = data.instanceText;
      const several = (others: Float32Array) => ({
        ...data,
        instanceText: { values: Float32Array.of(...values, ...others), shape: [2, 3, 24] as const },
      });
      const losses = [];
      for (const given of [data, several(values), several(testNumbers(3 * 24, 77))]) {
        const trainer = new DreamBoothTrainer(context, unet, scheduler, settings, given, 2);
        losses.push((await run(trainer, 3)).losses);
        trainer.release();
      }
      expect(losses[1]).toBeAllclose(losses[0]!, { rtol: 1e-6 });
      expect(losses[2]).not.toEqual(losses[0]);
    });
  });

  it('learns the subject’s embedding beside the LoRA: whole or image by image, and from a checkpoint', async () => {
    await withUNet(async (context, unet) => {
      const { loader, make } = randomClipText(context, { ...TINY_CLIP_TEXT, hidden: 24 });
      const model = make();
      const token = {
        instanceIds: [
          [1, 8, 2],
          [3, 8, 2],
        ],
        ...{ classIds: [1, 4, 2], id: 8, start: model.embedding(8) },
      };
      const given = { ...data, token, instanceText: { ...text(5), shape: [2, 3, 24] as const } };
      const learning = { ...settings, tokenLearningRate: 1e-2 };
      const create = (microBatch: number) =>
        new DreamBoothTrainer(context, unet, scheduler, learning, given, microBatch, model);
      const results = [];
      for (const microBatch of [4, 1]) {
        const trainer = create(microBatch);
        results.push(await run(trainer, 3));
        trainer.release();
      }
      const [whole, parts] = results;
      expect(whole!.losses).toBeAllclose(parts!.losses, { rtol: 1e-4 });
      const learned = whole!.checkpoint.adapter.token!;
      expect(meanDifference(learned, token.start)).toBeGreaterThan(5e-3);
      expect(meanDifference(learned, parts!.checkpoint.adapter.token!)).toBeLessThan(1e-3);
      const first = create(4);
      const { checkpoint } = await run(first, 2);
      first.release();
      const second = create(4);
      second.restore(structuredClone(checkpoint));
      const { checkpoint: last } = await run(second, 3);
      second.release();
      expect(last.adapter.token!).toBeAllclose(learned, { atol: 1e-7 });
      loader.release();
    });
  });

  it('goes on from a checkpoint as if it had not stopped', async () => {
    await withUNet(async (context, unet) => {
      const create = () => new DreamBoothTrainer(context, unet, scheduler, settings, data, 4);
      const through = create();
      const expected = await run(through, 4);
      through.release();
      const first = create();
      const { checkpoint } = await run(first, 2);
      first.release();
      const second = create();
      second.restore(structuredClone(checkpoint));
      const { checkpoint: last } = await run(second, 4);
      second.release();
      expect(last.history).toHaveLength(4);
      expect(last.history.map(({ loss }) => loss)).toBeAllclose(expected.losses, { rtol: 1e-6 });
      for (const [path, { B }] of Object.entries(last.adapter.modules)) {
        expect(B).toBeAllclose(expected.checkpoint.adapter.modules[path]!.B, { atol: 1e-7 });
      }
    });
  });

  it('learns: the same draws cost less after training on them', async () => {
    await withUNet(async (context, unet) => {
      const few = { ...settings, prior: null };
      const trainer = new DreamBoothTrainer(context, unet, scheduler, few, { ...data, prior: undefined }, 2);
      const { losses } = await run(trainer, 40);
      trainer.release();
      const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
      expect(mean(losses.slice(-10))).toBeLessThan(0.85 * mean(losses.slice(0, 10)));
    });
  });
});

function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}
