import type { KernelTime } from '../../backend/backend.ts';
import { embeddedGenerator } from '../../diffusion/generator/files.ts';
import { type Generator, loadGenerator } from '../../diffusion/generator/load.ts';
import { makeImages } from '../../diffusion/sampling/makeImages.ts';
import { readUNet2DConfig, type UNet2DConfig } from '../../models/unet2d/config.ts';
import { UNet2DLora } from '../../models/unet2d/lora.ts';
import { UNet2D } from '../../models/unet2d/model.ts';
import { expectedUNet2DTensors } from '../../models/unet2d/tensors.ts';
import { UNet2DWeightLoader } from '../../models/unet2d/weights.ts';
import { AdamW } from '../../nn/optim/adamw.ts';
import { clipGradients } from '../../nn/optim/clip.ts';
import { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import { weightedMse } from '../../tensor/ops/weightedMse.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { SEED } from './encoders.ts';
import { noise } from './noise.ts';
import { profiled } from './profiled.ts';
import type { GeneratorRow } from './report.ts';
import { type TimingOptions, timeRuns } from './timing.ts';

/** The whole picture of the bar: 20 steps with guidance. */
const PICTURE = { sampler: 'dpm++2m', steps: 20, guidance: 4, negativePrompt: '' } as const;

/** LoRA of a DreamBooth step, as the app trains it. */
const LORA = { rank: 16, alpha: 16, targets: ['attention'] } as const;

/** What Stable Diffusion 1.5's unet/config.json says beyond diffusers' defaults. */
const STABLE_DIFFUSION_1 = {
  _class_name: 'UNet2DConditionModel',
  attention_head_dim: 8,
  block_out_channels: [320, 640, 1280, 1280],
  cross_attention_dim: 768,
  layers_per_block: 2,
  sample_size: 64,
};

/** Tokens of a prompt of Stable Diffusion. */
const TOKENS = 77;

/** Time the embedded generator: UNet evaluations, one DreamBooth step, a whole picture; on GPUs also SD 1.5's UNet. */
export async function benchGenerator(
  context: Context,
  baseUrl: string,
  options: TimingOptions,
): Promise<{ rows: GeneratorRow[]; kernels: KernelTime[]; evaluationKernels: KernelTime[] }> {
  const { onCpu } = context.backend.traits;
  const generator = await loadGenerator(context, embeddedGenerator(baseUrl), () => {});
  const rows: GeneratorRow[] = [];
  let kernels: KernelTime[] = [];
  let evaluationKernels: KernelTime[] = [];
  try {
    const { unet, info } = generator;
    const about = { model: 'embedded', latent: info.latentSize };
    for (const images of onCpu ? [1] : [1, 8]) {
      const inputs = randomInputs(context, unet.config, info.latentSize, info.promptLength, images);
      rows.push({
        ...about,
        kind: 'evaluation',
        images,
        ...(await evaluation(context, unet, inputs, options)),
      });
      inputs.release();
    }
    for (const images of onCpu ? [1] : [1, 8]) {
      const inputs = randomInputs(context, unet.config, info.latentSize, info.promptLength, images);
      rows.push({
        ...about,
        kind: 'DreamBooth step',
        images,
        ...(await step(context, unet, inputs, options)),
      });
      inputs.release();
    }
    const one = randomInputs(context, unet.config, info.latentSize, info.promptLength, 1);
    kernels = await profileStep(context, unet, one);
    evaluationKernels = await profiled(context, () => evaluate(context, unet, one));
    one.release();
    rows.push({ ...about, kind: 'picture', images: 1, ...(await picture(context, generator, options)) });
  } finally {
    generator.release();
  }
  if (!onCpu) rows.push(await stableDiffusion(context, options));
  return { rows, kernels, evaluationKernels };
}

/** Latents, text states and timesteps of a batch. */
interface Inputs {
  sample: Tensor;
  text: Tensor;
  timesteps: number[];
  release(): void;
}

function randomInputs(
  context: Context,
  config: UNet2DConfig,
  side: number,
  tokens: number,
  images: number,
): Inputs {
  const random = new Philox(SEED).split('latents');
  const draw = (shape: number[]) =>
    keep(context, () =>
      context.fromArray(
        Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.uniform(-1, 1)),
        shape,
      ),
    );
  const sample = draw([images, side, side, config.inChannels]);
  const text = draw([images, tokens, config.crossAttentionDim]);
  const timesteps = Array.from({ length: images }, (_, i) => 100 + 100 * i);
  const release = () => {
    sample.release();
    text.release();
  };
  return { sample, text, timesteps, release };
}

/** Milliseconds of one call of `body` and the floating-point operations it recorded. */
async function timed(context: Context, body: () => void, options: TimingOptions) {
  const { counts } = context.backend;
  let flops = 0;
  const timing = await timeRuns(async () => {
    const before = counts.flops;
    body();
    flops = counts.flops - before;
    await context.finish();
  }, options);
  return { ...timing, gflops: flops / timing.bestMs / 1e6 };
}

function evaluation(context: Context, unet: UNet2D, inputs: Inputs, options: TimingOptions) {
  return timed(context, () => evaluate(context, unet, inputs), options);
}

function evaluate(context: Context, unet: UNet2D, inputs: Inputs): void {
  context.scope(() => {
    unet.forward(inputs);
    return undefined;
  });
}

async function step(context: Context, unet: UNet2D, inputs: Inputs, options: TimingOptions) {
  const { body, release } = stepOf(context, unet, inputs);
  const timing = await timed(context, body, options);
  release();
  return timing;
}

/** Time by kernel of one step; empty where the adapter cannot tell. */
async function profileStep(context: Context, unet: UNet2D, inputs: Inputs): Promise<KernelTime[]> {
  const { body, release } = stepOf(context, unet, inputs);
  const times = await profiled(context, body);
  release();
  return times;
}

/** Noise to noise: what is predicted does not matter for time. Forward, backward to the LoRA, clip, AdamW. */
function stepOf(context: Context, unet: UNet2D, inputs: Inputs): { body: () => void; release: () => void } {
  const { sample } = inputs;
  const random = new Philox(SEED).split('unet lora');
  const lora = UNet2DLora.create(context, unet.config, { ...LORA, targets: [...LORA.targets] }, random);
  const optimizer = new AdamW(context, lora.parameters(), { learningRate: 5e-4, weightDecay: 0.01 });
  const [images, height, width] = sample.shape as [number, number, number];
  const weights = keep(context, () =>
    context.fromArray(new Float32Array(images * height * width).fill(1), [images, height, width]),
  );
  const body = () => {
    optimizer.zeroGrad();
    context.scope(() => {
      context.backward(() =>
        weightedMse(context, unet.forward({ ...inputs, lora }), sample, weights, 1 / images),
      );
      clipGradients(context, lora.parameters(), 1);
      return undefined;
    });
    optimizer.step();
  };
  const release = () => {
    weights.release();
    optimizer.dispose();
    lora.release();
  };
  return { body, release };
}

/** Text encoder, sampling and decoder. */
function picture(context: Context, generator: Generator, options: TimingOptions) {
  const request = [{ prompt: 'a photo of a dog', seed: SEED }];
  return timeRuns(async () => {
    await makeImages(context, generator, PICTURE, request, undefined);
  }, options);
}

/** One evaluation of Stable Diffusion 1.5's UNet at 64×64 latents with random weights, if the adapter's memory allows. */
async function stableDiffusion(context: Context, options: TimingOptions): Promise<GeneratorRow> {
  const config = readUNet2DConfig(STABLE_DIFFUSION_1);
  const about = {
    ...{ model: 'Stable Diffusion 1.5, random weights', kind: 'evaluation' as const },
    ...{ images: 1, latent: config.sampleSize },
  };
  const { sharedDevice: device } = context.backend;
  const loader = new UNet2DWeightLoader(context, config);
  device?.pushErrorScope('out-of-memory');
  try {
    const random = new Philox(SEED).split('weights');
    for (const [name, shape] of expectedUNet2DTensors(config)) {
      const size = shape.reduce((a, b) => a * b, 1);
      const spread = 1 / Math.sqrt(size / shape[0]!);
      loader.add(name, shape, noise(random, size, -spread, spread));
    }
    const unet = new UNet2D(context, config, loader.finish());
    const inputs = randomInputs(context, config, config.sampleSize, TOKENS, 1);
    const timing = await evaluation(context, unet, inputs, options);
    inputs.release();
    const error = await device?.popErrorScope();
    return error ? { ...about, skipped: 'does not fit into memory' } : { ...about, ...timing };
  } catch (error) {
    return { ...about, skipped: (error as Error).message };
  } finally {
    loader.release();
  }
}
