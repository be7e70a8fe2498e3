import type { ClipText } from '../../models/clipText/model.ts';
import { type UNet2DAdapter, UNet2DLora } from '../../models/unet2d/lora.ts';
import type { UNet2D } from '../../models/unet2d/model.ts';
import type { AdamState } from '../../nn/optim/adam.ts';
import { AdamW } from '../../nn/optim/adamw.ts';
import { clipGradients } from '../../nn/optim/clip.ts';
import { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { addInPlace } from '../../tensor/ops/addInPlace.ts';
import { weightedMse } from '../../tensor/ops/weightedMse.ts';
import { ScalarLog } from '../../tensor/scalarLog.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { TextStates } from '../generator/textStates.ts';
import { alphasCumprod, type SchedulerConfig } from '../schedulers/noiseSchedule.ts';
import { drawBatch, type LatentBank, type NoisyBatch } from './batch.ts';
import type { DreamBoothSettings } from './settings.ts';

/** One point of the live curve. */
export interface DreamBoothPoint {
  step: number;
  /** Weighted error of the subject's images plus that of the class's. */
  loss: number;
  gradientNorm: number;
}

/** Everything needed to continue a run as if nothing had happened. */
export interface DreamBoothCheckpoint {
  step: number;
  adapter: UNet2DAdapter;
  optimizer: AdamState;
  /** Of the subject's embedding, where it is learned. */
  tokenOptimizer?: AdamState;
  history: DreamBoothPoint[];
}

/** What a trainer learns from. */
export interface DreamBoothData {
  instances: LatentBank;
  prior: LatentBank | undefined;
  /** Side of the latents and their channels. */
  size: number;
  channels: number;
  /** States of the subject's prompt and of any other captions it is learned under [N, T, D]. */
  instanceText: TextStates;
  /** States of the class's prompt where there is a prior [1, T, D]. */
  classText: TextStates | undefined;
  /** The same as ids, where the subject's embedding is learned. */
  token?: TokenData | undefined;
}

/** Prompts for a text encoder that is differentiated. */
export interface TokenData {
  instanceIds: number[][];
  classIds: number[] | undefined;
  /** Id of the subject's token. */
  id: number;
  /** Its embedding before training [hidden]. */
  start: Float32Array;
}

/** Steps whose losses may wait on the GPU for a read-back. */
const LOG_ROWS = 64;

/**
 * DreamBooth (Ruiz et al., arXiv 2208.12242) with LoRA, one step at a time: the UNet learns to denoise the subject's photos
 * under a prompt with `<new1>`, and to go on denoising its class. Every random choice comes from the seed and the step's
 * number, so a run continued from a checkpoint goes on as if it had never stopped.
 */
export class DreamBoothTrainer {
  readonly #context: Context;
  readonly #unet: UNet2D;
  readonly #settings: DreamBoothSettings;
  readonly #data: DreamBoothData;
  readonly #scheduler: SchedulerConfig;
  readonly #alphas: Float64Array;
  readonly #optimizer: AdamW;
  readonly #tokenOptimizer: AdamW | undefined;
  readonly #textModel: ClipText | undefined;
  readonly #log: ScalarLog;
  readonly #microBatch: number;
  readonly lora: UNet2DLora;
  #history: DreamBoothPoint[] = [];
  #step = 0;

  /**
   * @param microBatch images that are back-propagated at a time; the result does not depend on it
   * @param textModel to learn the subject's embedding through, where `data.token` is given
   */
  constructor(
    context: Context,
    unet: UNet2D,
    scheduler: SchedulerConfig,
    settings: DreamBoothSettings,
    data: DreamBoothData,
    microBatch: number,
    textModel?: ClipText,
  ) {
    this.#context = context;
    this.#unet = unet;
    this.#settings = settings;
    this.#data = data;
    this.#scheduler = scheduler;
    this.#alphas = alphasCumprod(scheduler);
    this.#microBatch = microBatch;
    const { rank, alpha, targets } = settings.lora;
    const random = new Philox(settings.seed).split('unet lora');
    this.lora = UNet2DLora.create(context, unet.config, { rank, alpha, targets }, random);
    this.#optimizer = new AdamW(context, this.lora.parameters(), {
      learningRate: settings.learningRate,
      weightDecay: settings.weightDecay,
    });
    this.#textModel = textModel;
    if (settings.tokenLearningRate !== null && data.token && textModel) {
      this.lora.addToken(data.token.start, true);
      const learningRate = settings.tokenLearningRate;
      // An embedding has no reason to shrink.
      this.#tokenOptimizer = new AdamW(
        context,
        { token: this.lora.token! },
        { learningRate, weightDecay: 0 },
      );
    }
    this.#log = new ScalarLog(context, ['loss', 'norm'], LOG_ROWS);
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** Whether the log must be drained before the next step. */
  get logFull(): boolean {
    return this.#log.full;
  }

  /** Record and submit one optimizer step. Nothing is read back. */
  runStep(): void {
    const context = this.#context;
    const { seed, batch, snrGamma, prior, clipNorm } = this.#settings;
    const { predictionType } = this.#scheduler;
    const drawn = drawBatch(
      {
        ...{ seed, batch, predictionType, snrGamma, priorWeight: prior?.weight ?? 0 },
        captions: this.#data.instanceText.shape[0],
      },
      this.#alphas,
      this.#data.instances,
      this.#data.prior,
      this.#step,
    );
    this.#optimizer.zeroGrad();
    this.#tokenOptimizer?.zeroGrad();
    context.scope(() => {
      const loss = this.#backward(drawn);
      const { token } = this.lora;
      const trained = { ...this.lora.parameters(), ...(token ? { token } : {}) };
      const norm = clipGradients(context, trained, clipNorm);
      this.#log.append([loss, norm]);
      return undefined;
    });
    this.#optimizer.step();
    this.#tokenOptimizer?.step();
    this.#step++;
    context.flush();
  }

  /** Points of the steps since the last call. Waits for the GPU. */
  async drain(): Promise<DreamBoothPoint[]> {
    const rows = await this.#log.drain();
    const first = this.#step - rows.length;
    const points = rows.map(([loss, norm], i) => ({ step: first + i + 1, loss: loss!, gradientNorm: norm! }));
    this.#history.push(...points);
    return points;
  }

  /** The run as it stands; call after `drain`. */
  async checkpoint(): Promise<DreamBoothCheckpoint> {
    return {
      step: this.#step,
      adapter: await this.lora.toAdapter(),
      optimizer: await this.#optimizer.exportState(),
      ...(this.#tokenOptimizer ? { tokenOptimizer: await this.#tokenOptimizer.exportState() } : {}),
      history: [...this.#history],
    };
  }

  /** Continue from a checkpoint of a run with the same settings. */
  restore({ step, adapter, optimizer, tokenOptimizer, history }: DreamBoothCheckpoint): void {
    this.lora.write(adapter);
    this.#optimizer.importState(optimizer);
    if (tokenOptimizer) this.#tokenOptimizer?.importState(tokenOptimizer);
    this.#history = [...history];
    this.#step = step;
  }

  /** Free everything on the GPU. */
  release(): void {
    this.#optimizer.dispose();
    this.#tokenOptimizer?.dispose();
    this.lora.release();
    this.#log.dispose();
  }

  /** Gradients of the batch's loss, added up over micro-batches; returns the loss [1]. */
  #backward({ noisy, target, weights, timesteps, captions }: NoisyBatch): Tensor {
    const context = this.#context;
    const { size, channels } = this.#data;
    const count = timesteps.length;
    const [latent, cells] = [size * size * channels, size * size];
    const total = context.zeros([1], 'loss');
    for (let from = 0; from < count; from += this.#microBatch) {
      const to = Math.min(from + this.#microBatch, count);
      context.scope(() => {
        const upload = (values: Float32Array, each: number, shape: number[]) =>
          context.fromArray(values.subarray(from * each, to * each), [to - from, ...shape]);
        const sample = upload(noisy, latent, [size, size, channels]);
        const wanted = upload(target, latent, [size, size, channels]);
        const factors = upload(weights, cells, [size, size]);
        const loss = context.backward(() => {
          const prediction = this.#unet.forward({
            sample,
            timesteps: timesteps.slice(from, to),
            text: this.#text(captions, from, to),
            lora: this.lora,
          });
          // The mean is over the whole batch.
          return weightedMse(context, prediction, wanted, factors, (to - from) / count);
        });
        addInPlace(context, total, loss);
        return undefined;
      });
    }
    return total;
  }

  /** Text states of rows `from` to `to` of a batch whose first rows are of the subject under these captions. */
  #text(captions: readonly number[], from: number, to: number): Tensor {
    const { token, instanceText, classText } = this.#data;
    const row = this.lora.token;
    if (token && row) {
      const rows = Array.from({ length: to - from }, (_, i) => {
        const caption = captions[from + i];
        return caption === undefined ? token.classIds! : token.instanceIds[caption]!;
      });
      return this.#textModel!.forward(rows, { id: token.id, row });
    }
    const { values, shape } = textRows(instanceText, classText, captions, from, to);
    return this.#context.fromArray(values, shape);
  }
}

/** States of rows `from` to `to` of a batch whose first rows are of the subject under these captions, the others of its class. */
function textRows(
  instance: TextStates,
  ofClass: TextStates | undefined,
  captions: readonly number[],
  from: number,
  to: number,
): { values: Float32Array; shape: number[] } {
  const [, tokens, width] = instance.shape;
  const size = tokens * width;
  const values = new Float32Array((to - from) * size);
  for (let row = from; row < to; row++) {
    const caption = captions[row];
    const states =
      caption === undefined
        ? ofClass!.values
        : instance.values.subarray(caption * size, (caption + 1) * size);
    values.set(states, (row - from) * size);
  }
  return { values, shape: [to - from, tokens, width] };
}
