import type { Context } from '../../tensor/context.ts';
import { concatColumns } from '../../tensor/ops/concat.ts';
import { conv2d } from '../../tensor/ops/conv2d/conv2d.ts';
import { groupNorm } from '../../tensor/ops/groupNorm.ts';
import { silu } from '../../tensor/ops/silu.ts';
import { upsampleNearest } from '../../tensor/ops/upsampleNearest.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { latentMultiple, type UNet2DConfig } from './config.ts';
import { layoutUNet2D, type Stage, type UNet2DLayout } from './layout.ts';
import type { UNet2DLora } from './lora.ts';
import { type ModuleRun, runLinear } from './modules.ts';
import { resnet } from './resnet.ts';
import { timestepEmbedding } from './timeEmbedding.ts';
import { transformer } from './transformer.ts';
import type { UNet2DWeights } from './weights.ts';

/** What a UNet sees beside the noisy latents. */
export interface UNet2DInputs {
  /** [N, H, W, C]: latents with channels last; sides multiples of `latentMultiple`. */
  sample: Tensor;
  /** One for each image. */
  timesteps: readonly number[];
  /** [N, T, D]: states of the text encoder. */
  text: Tensor;
  /** Adapter to apply, or none for the untuned generator. */
  lora?: UNet2DLora | undefined;
}

/**
 * The denoising UNet of latent diffusion (Rombach et al., arXiv 2112.10752) as diffusers' `UNet2DConditionModel` computes it,
 * driven by its config. Channels come last throughout, so that a 1×1 convolution is a matrix product and pixels are
 * tokens without a copy. Weights are frozen; adapters are passed to each call.
 */
export class UNet2D {
  readonly config: UNet2DConfig;
  readonly #context: Context;
  readonly #weights: UNet2DWeights;
  readonly #layout: UNet2DLayout;

  constructor(context: Context, config: UNet2DConfig, weights: UNet2DWeights) {
    this.#context = context;
    this.config = config;
    this.#weights = weights;
    this.#layout = layoutUNet2D(config);
  }

  /**
   * Predict what the scheduler asks for (noise, mostly).
   * @returns [N, H, W, outChannels]
   * @throws Error when the latents' sides are no multiple of the model's
   */
  forward({ sample, timesteps, text, lora }: UNet2DInputs): Tensor {
    const [images, height, width] = sample.shape as [number, number, number, number];
    const multiple = latentMultiple(this.config);
    if (height % multiple || width % multiple || timesteps.length !== images || text.shape[0] !== images) {
      throw new Error(
        `UNet: latents [${sample.shape}] (sides in multiples of ${multiple}), ${timesteps.length} timesteps and text [${text.shape}] do not fit`,
      );
    }
    const context = this.#context;
    return context.scope(() => {
      const run: ModuleRun = { context, weights: this.#weights, lora, config: this.config };
      const time = this.#embedTime(run, timesteps);
      const first = this.#conv(run, 'conv_in', sample);
      const { x, skips } = this.#down(run, first, time, text);
      const { mid } = this.#layout;
      const middle = context.scope(() => {
        const before = resnet(run, mid.first, x, time);
        const attended = transformer(run, mid.transformer, before, text);
        return resnet(run, mid.second, attended, time);
      });
      const last = this.#up(run, middle, skips, time, text);
      const normed = groupNorm(
        context,
        last,
        this.#weights.get('conv_norm_out.weight'),
        this.#weights.get('conv_norm_out.bias'),
        { groups: this.config.normGroups, epsilon: this.config.normEps, silu: true },
      );
      return this.#conv(run, 'conv_out', normed);
    });
  }

  #down(run: ModuleRun, first: Tensor, time: Tensor, text: Tensor) {
    let x = first;
    const skips = [first];
    for (const { stages, resample } of this.#layout.down) {
      for (const stage of stages) {
        x = this.#stage(run, stage, x, time, text);
        skips.push(x);
      }
      if (resample) {
        x = this.#conv(run, resample, x, 2);
        skips.push(x);
      }
    }
    return { x, skips };
  }

  #up(run: ModuleRun, middle: Tensor, skips: Tensor[], time: Tensor, text: Tensor): Tensor {
    const { context } = run;
    let x = middle;
    for (const { stages, resample } of this.#layout.up) {
      for (const stage of stages) {
        const skip = skips.pop()!;
        const input = x;
        x = context.scope(() => {
          const joined = concatColumns(context, [input, skip]);
          return this.#stage(run, stage, joined, time, text);
        });
        context.drop(input);
        context.drop(skip);
      }
      if (resample) {
        const input = x;
        x = context.scope(() => this.#conv(run, resample, upsampleNearest(context, input)));
        context.drop(input);
      }
    }
    return x;
  }

  #stage(run: ModuleRun, { resnet: site, transformer: next }: Stage, x: Tensor, time: Tensor, text: Tensor) {
    return run.context.scope(() => {
      const y = resnet(run, site, x, time);
      return next ? transformer(run, next, y, text) : y;
    });
  }

  /** SiLU of the time embedding [N, 4·C₀], which is how every residual block takes it. */
  #embedTime(run: ModuleRun, timesteps: readonly number[]): Tensor {
    const { context } = run;
    const width = this.config.down[0]!.channels;
    return context.scope(() => {
      const waves = context.fromArray(
        timestepEmbedding(timesteps, width, this.config),
        [timesteps.length, width],
        'timesteps',
      );
      const hidden = silu(context, runLinear(run, 'time_embedding.linear_1', waves));
      return silu(context, runLinear(run, 'time_embedding.linear_2', hidden));
    });
  }

  #conv({ context, weights }: ModuleRun, path: string, x: Tensor, stride = 1): Tensor {
    const bias = weights.get(`${path}.bias`);
    return conv2d(context, x, weights.get(`${path}.weight`), { bias, stride, padding: 1 });
  }
}
