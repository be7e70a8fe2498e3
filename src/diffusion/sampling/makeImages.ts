import type { Pixels } from '../../images/types.ts';
import type { UNet2DLora } from '../../models/unet2d/lora.ts';
import type { Context } from '../../tensor/context.ts';
import type { Generator } from '../generator/load.ts';
import { fromVaeOutput } from '../generator/pixels.ts';
import { encodeLearned, encodePrompts } from '../generator/textStates.ts';
import { decodeLatents } from '../generator/vae.ts';
import { planSampler, type SamplerName } from '../schedulers/samplers.ts';
import { latentNoise } from './noise.ts';
import { Sampler } from './sampler.ts';

/** How images are sampled. */
export interface SamplingSettings {
  sampler: SamplerName;
  steps: number;
  /** Classifier-free guidance scale, 0 to 15; 1 for none. */
  guidance: number;
  negativePrompt: string;
}

/** One image to make. */
export interface ImageRequest {
  prompt: string;
  seed: number;
}

/** An image with its latents [H, W, C], from which nothing is lost. */
export interface MadeImage extends ImageRequest {
  pixels: Pixels;
  latents: Float32Array;
}

/** What happens meanwhile. */
export interface MakeImagesHooks {
  /** After every model evaluation. Waits here while it has not resolved; throwing ends the batch. */
  onStep?: (step: number, steps: number) => Promise<void> | void;
  /** Decoded previews of what is to come, in the order of the requests. */
  onPreview?: (step: number, previews: Pixels[]) => void;
  /** Model evaluations between previews; 0 for none. */
  previewEvery?: number;
}

/** Make a batch of images at once. Everything on the GPU is freed, also when a hook throws. */
export async function makeImages(
  context: Context,
  generator: Generator,
  settings: SamplingSettings,
  requests: readonly ImageRequest[],
  lora: UNet2DLora | undefined,
  { onStep, onPreview, previewEvery = 0 }: MakeImagesHooks = {},
): Promise<MadeImage[]> {
  const { latentSize, latentChannels } = generator.info;
  const size = latentSize * latentSize * latentChannels;
  const shape = [requests.length, latentSize, latentSize, latentChannels] as const;
  const prompts = requests.map(({ prompt }) => prompt);
  const text = lora?.token
    ? await encodeLearned(context, generator, prompts, lora.token)
    : await encodePrompts(generator, prompts);
  const negative =
    settings.guidance === 1
      ? undefined
      : await encodePrompts(
          generator,
          requests.map(() => settings.negativePrompt),
        );
  const noise = new Float32Array(requests.length * size);
  for (const [i, { seed }] of requests.entries()) noise.set(latentNoise(seed, size), i * size);
  const sampler = startSampler();
  const decode = async (latents: Float32Array): Promise<Pixels[]> => {
    const { values, shape: side } = await decodeLatents(
      generator.vaeDecoder,
      { values: latents, shape },
      generator.scalingFactor,
    );
    const [, , height, width] = side;
    return requests.map((_, i) =>
      fromVaeOutput(values.subarray(i * 3 * height * width, (i + 1) * 3 * height * width), width, height),
    );
  };
  try {
    while (sampler.step < sampler.steps) {
      sampler.runStep();
      await context.finish();
      await onStep?.(sampler.step, sampler.steps);
      const due = previewEvery > 0 && sampler.step % previewEvery === 0 && sampler.step < sampler.steps;
      if (due && onPreview) onPreview(sampler.step, await decode(await context.read(sampler.clean)));
    }
    const latents = await context.read(sampler.sample);
    const pictures = await decode(latents);
    return requests.map((request, i) => ({
      ...request,
      pixels: pictures[i]!,
      latents: latents.slice(i * size, (i + 1) * size),
    }));
  } finally {
    sampler.release();
  }

  function startSampler(): Sampler {
    let started: Sampler | undefined;
    context.scope(() => {
      started = new Sampler(context, generator.unet, {
        plan: planSampler(settings.sampler, generator.scheduler, settings.steps),
        noise: context.fromArray(noise, shape),
        text: context.fromArray(text.values, text.shape),
        negative: negative && context.fromArray(negative.values, negative.shape),
        ...{ guidance: settings.guidance, lora },
      });
      return undefined;
    });
    return started!;
  }
}
