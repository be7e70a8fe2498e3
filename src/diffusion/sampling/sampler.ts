import type { UNet2DLora } from '../../models/unet2d/lora.ts';
import type { UNet2D } from '../../models/unet2d/model.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import { concatRows } from '../../tensor/ops/concat.ts';
import { linearCombination, type Term } from '../../tensor/ops/linearCombination.ts';
import { scale } from '../../tensor/ops/scale.ts';
import { sliceRows } from '../../tensor/ops/sliceRows.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { HISTORY_LENGTH, type SamplerPlan, type SamplerStep } from '../schedulers/plan.ts';

/** What a batch of images is made from. */
export interface SamplerInputs {
  plan: SamplerPlan;
  /** Unit normal noise [N, H, W, C]; read once. */
  noise: Tensor;
  /** Text states of the prompts [N, T, D]. */
  text: Tensor;
  /** Text states of the negative prompts [N, T, D]; not used at a guidance of 1. */
  negative?: Tensor | undefined;
  /** Classifier-free guidance scale (Ho and Salimans, arXiv 2207.12598): 1 for none. */
  guidance: number;
  lora?: UNet2DLora | undefined;
}

/**
 * Denoises a batch of latents, one step a call. The sample, the history and the text states stay on the GPU; nothing is
 * read back. With guidance both halves run in one batch: output = negative + guidance·(positive − negative).
 */
export class Sampler {
  readonly #context: Context;
  readonly #unet: UNet2D;
  readonly #plan: SamplerPlan;
  readonly #guidance: number;
  readonly #lora: UNet2DLora | undefined;
  readonly #text: Tensor;
  #sample: Tensor;
  #clean: Tensor | undefined;
  #kept: Tensor | undefined;
  #history: Tensor[] = [];
  #step = 0;

  /** @throws Error when guidance is asked for without negative text states */
  constructor(context: Context, unet: UNet2D, inputs: SamplerInputs) {
    const { plan, noise, text, negative, guidance, lora } = inputs;
    if (guidance !== 1 && !negative) throw new Error('guidance needs the states of a negative prompt');
    this.#context = context;
    this.#unet = unet;
    this.#plan = plan;
    this.#guidance = guidance;
    this.#lora = lora;
    this.#text = keep(context, () =>
      guidance === 1 ? scale(context, text, 1) : concatRows(context, [negative!, text]),
    );
    this.#sample = keep(context, () => scale(context, noise, plan.initNoiseSigma));
  }

  /** Model evaluations done. */
  get step(): number {
    return this.#step;
  }

  /** Model evaluations of the whole run. */
  get steps(): number {
    return this.#plan.steps.length;
  }

  /** The noisy latents now [N, H, W, C]; at the end the image. Belongs to the sampler. */
  get sample(): Tensor {
    return this.#sample;
  }

  /** The clean image the last step foresaw; after the last step the sample itself. Belongs to the sampler. */
  get clean(): Tensor {
    return this.#step === this.steps ? this.#sample : (this.#clean ?? this.#sample);
  }

  /** Record and submit one step. */
  runStep(): void {
    const step = this.#plan.steps[this.#step];
    if (!step) throw new Error('the images are finished');
    const context = this.#context;
    context.scope(() => {
      const output = this.#predict(step);
      const combine = (terms: Term[]): Tensor =>
        linearCombination(
          context,
          terms.filter(([factor]) => factor !== 0),
        ).retain();
      const { derive, clean, nextSample, nextHistory } = step;
      const entry = combine([
        [derive.sample, this.#sample],
        [derive.output, output],
      ]);
      const foreseen = combine([
        [clean.sample, this.#sample],
        [clean.output, output],
      ]);
      const entries = [entry, ...this.#history];
      const base = step.fromKept ? this.#kept! : this.#sample;
      const next = combine([
        [nextSample, base],
        ...nextHistory.map((factor, j): Term => [factor, entries[j]!]),
      ]);
      this.#remember(step, entry);
      this.#advance(step, next);
      this.#clean?.release();
      this.#clean = foreseen;
      return undefined;
    });
    this.#step++;
    context.flush();
  }

  /** Free everything on the GPU. */
  release(): void {
    for (const tensor of [this.#text, this.#sample, this.#clean, this.#kept, ...this.#history])
      tensor?.release();
    this.#history = [];
    this.#clean = undefined;
    this.#kept = undefined;
  }

  #predict({ timestep, inputScale }: SamplerStep): Tensor {
    const context = this.#context;
    const images = this.#sample.shape[0]!;
    const input = inputScale === 1 ? this.#sample : scale(context, this.#sample, inputScale);
    const guided = this.#guidance !== 1;
    const sample = guided ? concatRows(context, [input, input]) : input;
    const timesteps = Array<number>(sample.shape[0]!).fill(timestep);
    const output = this.#unet.forward({ sample, timesteps, text: this.#text, lora: this.#lora });
    if (!guided) return output;
    return linearCombination(context, [
      [1 - this.#guidance, sliceRows(context, output, 0, images)],
      [this.#guidance, sliceRows(context, output, images, 2 * images)],
    ]);
  }

  #remember({ remember }: SamplerStep, entry: Tensor): void {
    if (!remember) {
      entry.release();
      return;
    }
    this.#history.unshift(entry);
    for (const old of this.#history.splice(HISTORY_LENGTH - 1)) old.release();
  }

  #advance({ keep: keeps }: SamplerStep, next: Tensor): void {
    if (keeps) {
      this.#kept?.release();
      this.#kept = this.#sample;
    } else {
      this.#sample.release();
    }
    this.#sample = next;
  }
}
