import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebGpuBackend } from '../../backend/webgpu/backend.ts';
import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import { readUNet2DConfig } from '../../models/unet2d/config.ts';
import { UNet2D } from '../../models/unet2d/model.ts';
import { expectedUNet2DTensors } from '../../models/unet2d/tensors.ts';
import { UNet2DWeightLoader } from '../../models/unet2d/weights.ts';
import { Vit } from '../../models/vit/model.ts';
import { parametersOf } from '../../models/vit/parameters.ts';
import { dinov2Config, tensorsOf } from '../../models/vit/testing.ts';
import { parametersFrom } from '../../models/weights/loadParameters.ts';
import { testContext } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { PRESETS } from '../presets.ts';
import type { TrainingSettings } from '../settings.ts';
import { Trainer, type TrainingPhoto } from './trainer.ts';

/** An encoder of the built-in one's form, smaller: 65 tokens, six layers. */
const ENCODER = dinov2Config({ width: 96, layers: 6, heads: 3, patch: 8, imageSize: 64 });
const SIDE = 64;
const PREPROCESS: PreprocessConfig = {
  ...{ resizeShortestEdge: SIDE, resample: 'bicubic', cropHeight: SIDE, cropWidth: SIDE },
  ...{ rescaleFactor: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] },
};

/** A UNet of the built-in generator's form, thinner, at 32×32 latents. */
const UNET = readUNet2DConfig({
  ...{ _class_name: 'UNet2DConditionModel', sample_size: 32, attention_head_dim: 4 },
  ...{ block_out_channels: [32, 64, 96], layers_per_block: 1, cross_attention_dim: 32, norm_num_groups: 8 },
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
});

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function photos(count: number, masked: boolean): TrainingPhoto[] {
  return Array.from({ length: count }, (_, i) => {
    const data = new Uint8ClampedArray(4 * 80 * 80).map((_, at) => (at * (i + 3)) % 251);
    const mask = { width: 80, height: 80, data: new Uint8Array(80 * 80) };
    for (let at = 0; at < 80 * 80; at++) mask.data[at] = Math.abs((at % 80) - 40) < 20 ? 255 : 0;
    return { key: `${masked} ${i}`, pixels: { width: 80, height: 80, data }, ...(masked ? { mask } : {}) };
  });
}

/** The device as an adapter of a kind, which only counts: what is computed does not matter here. */
async function counting(software: boolean) {
  const context = await testContext();
  const gpu = context.backend as WebGpuBackend;
  vi.spyOn(gpu.adapter, 'software', 'get').mockReturnValue(software);
  const run = vi.spyOn(gpu, 'run').mockImplementation(() => {});
  gpu.serial = software;
  if (software) gpu.matmulVariant = { kind: 'direct', quads: false };
  return { context, dispatches: () => run.mock.calls.length };
}

/**
 * Numbers of 51869c8, before there was a boundary between ops and kernels. A number that goes up is time that every user of a
 * fast GPU loses: starting kernels is what bounds small models there.
 */
describe.each([
  { software: true, step: 198, evaluation: 413 },
  { software: false, step: 182, evaluation: 330 },
])('kernels started on WebGPU (software adapter: $software)', ({ software, step, evaluation }) => {
  afterEach(async () => {
    vi.restoreAllMocks();
    const gpu = (await testContext()).backend as WebGpuBackend;
    gpu.serial = gpu.adapter.software;
    gpu.matmulVariant = undefined;
  });

  it('by a training step of Balanced', async () => {
    const { context, dispatches } = await counting(software);
    const tensors = tensorsOf(ENCODER, (_, size) => Float32Array.from(testNumbers(size)));
    const parameters = parametersFrom(context, parametersOf(ENCODER), tensors, 'test');
    const encoder = new Vit(context, ENCODER, parameters);
    const settings: TrainingSettings = {
      ...PRESETS.balanced,
      ...{ steps: 1, triplets: 8, cutPasteCount: 4, microBatch: 8 },
    };
    const images = { photos: photos(3, true), negatives: photos(5, false), backgrounds: [] };
    const trainer = new Trainer(context, encoder, PREPROCESS, settings, images);
    await trainer.prepare({ onStage: () => {}, onPositive: () => {} });
    const before = dispatches();
    trainer.runStep();
    expect(dispatches() - before).toBe(step);
    await trainer.drain();
    trainer.release();
    encoder.release();
    parameters.release();
  });

  it('by an evaluation of the UNet', async () => {
    const { context, dispatches } = await counting(software);
    const loader = new UNet2DWeightLoader(context, UNET);
    for (const [name, shape] of expectedUNet2DTensors(UNET))
      loader.add(name, shape, testNumbers(sizeOf(shape)));
    const unet = new UNet2D(context, UNET, loader.finish());
    const before = dispatches();
    context.scope(() => {
      unet.forward({
        sample: context.zeros([1, 32, 32, 4]),
        text: context.zeros([1, 8, 32]),
        timesteps: [10],
      });
      return undefined;
    });
    expect(dispatches() - before).toBe(evaluation);
    loader.release();
  });
});
