import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';
import { VitLora } from '../../models/vit/lora.ts';
import type { Vit } from '../../models/vit/model.ts';
import { Adam, type AdamState } from '../../nn/optim/adam.ts';
import { clipGradients } from '../../nn/optim/clip.ts';
import { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { ScalarLog } from '../../tensor/scalarLog.ts';
import { type TrainingSettings, usesCutPaste } from '../settings.ts';
import { batchAt, sampleTriplets, type Triplet } from '../triplets/sampler.ts';
import { contrastiveStep } from './contrastiveStep.ts';
import { loraLayers, loraSites } from './loraTargets.ts';
import { chooseMicroBatch } from './microBatch.ts';
import { ViewBank, type ViewBankHooks } from './viewBank.ts';

/** One photo as training takes it. */
export interface TrainingPhoto {
  key: string;
  pixels: Pixels;
  mask?: Mask;
}

/** The images of a run. */
export interface TrainingImages {
  photos: readonly TrainingPhoto[];
  negatives: readonly TrainingPhoto[];
  backgrounds: readonly TrainingPhoto[];
  /** Images of the subject by a personalized generator; none when left out. */
  generated?: readonly TrainingPhoto[];
}

/** One point of the live curves. */
export interface TrainingPoint {
  step: number;
  /** Total loss; with a patch term it is global + weight·patch. */
  loss: number;
  globalLoss: number;
  patchLoss: number | null;
  /** Share of triplets whose anchor is nearer to its positive than to its negative, 0 to 1. */
  rankingAccuracy: number;
}

/** Everything needed to continue a run as if nothing had happened. */
export interface TrainingCheckpoint {
  step: number;
  adapter: LoraAdapter;
  optimizer: AdamState;
  history: TrainingPoint[];
}

/** A run that cannot start as it is asked for; the message says what to change. */
export class TrainingSetupError extends Error {
  override name = 'TrainingSetupError';
}

/** Steps whose losses may wait on the GPU for a read-back. */
const LOG_ROWS = 64;

/**
 * Contrastive fine-tuning of an encoder with LoRA (method §1.5), one step at a time. Every random choice comes from the
 * settings' seed and the step's number, so a run continued from a checkpoint goes on as if it had never stopped.
 */
export class Trainer {
  readonly #context: Context;
  readonly #encoder: Vit;
  readonly #settings: TrainingSettings;
  readonly #lora: VitLora;
  readonly #optimizer: Adam;
  readonly #log: ScalarLog;
  readonly #views: ViewBank;
  readonly #triplets: Triplet[];
  readonly #microBatch: number;
  readonly #order: Philox;
  #history: TrainingPoint[] = [];
  #step = 0;

  /** @throws TrainingSetupError, CutPasteError */
  constructor(
    context: Context,
    encoder: Vit,
    preprocess: PreprocessConfig,
    settings: TrainingSettings,
    images: TrainingImages,
  ) {
    checkRequest(settings, images);
    const random = new Philox(settings.seed);
    const { config } = encoder;
    const layers = loraLayers(config.layers, settings.lora.lastLayers);
    const { rank, alpha, dropout, targets } = settings.lora;
    this.#context = context;
    this.#encoder = encoder;
    this.#settings = settings;
    this.#views = new ViewBank(context, encoder, preprocess, settings, images, layers[0]!);
    this.#triplets = sampleTriplets(this.#views.pools, settings.triplets, random.split('triplets'));
    this.#order = random.split('order');
    this.#lora = VitLora.create(
      context,
      config,
      { rank, alpha, dropout, sites: loraSites(targets), layers },
      random.split('lora'),
    );
    const { learningRate, beta1, beta2, epsilon, weightDecay } = settings.optimizer;
    this.#optimizer = new Adam(context, this.#lora.parameters(), {
      learningRate,
      betas: [beta1, beta2],
      eps: epsilon,
      weightDecay,
      decoupled: weightDecay > 0,
    });
    this.#log = new ScalarLog(context, ['loss', 'global', 'patch', 'accuracy'], LOG_ROWS);
    this.#microBatch = chooseMicroBatch(
      context,
      encoder,
      preprocess.cropWidth,
      layers.length,
      settings.batch,
      settings.microBatch,
    );
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** Whether `prepare` has finished. */
  get ready(): boolean {
    return this.#views.ready;
  }

  /** Whether the log must be drained before the next step. */
  get logFull(): boolean {
    return this.#log.full;
  }

  /** Make positives, views and the frozen prefix. May be called again; does nothing then. */
  async prepare(hooks: ViewBankHooks): Promise<void> {
    await this.#views.prepare(hooks);
  }

  /** Give up preparing as soon as possible. */
  cancel(): void {
    this.#views.cancel();
  }

  /** Record and submit one optimizer step. Nothing is read back. */
  runStep(): void {
    const { seed, batch, optimizer } = this.#settings;
    const context = this.#context;
    const triplets = batchAt(this.#triplets, batch, this.#step, this.#order);
    this.#optimizer.zeroGrad();
    this.#lora.dropoutDraw = { seed, step: this.#step, firstView: 0 };
    context.scope(() => {
      const scalars = contrastiveStep(
        context,
        this.#encoder,
        this.#lora,
        this.#views.batch(triplets, this.#step),
        this.#settings,
        this.#microBatch,
      );
      this.#log.append([scalars.loss, scalars.globalLoss, scalars.patchLoss, scalars.rankingAccuracy]);
      for (const tensor of Object.values(scalars)) tensor.release();
      return undefined;
    });
    if (optimizer.clipNorm !== null) {
      const norm = clipGradients(context, this.#lora.parameters(), optimizer.clipNorm);
      norm.release();
    }
    this.#optimizer.step();
    this.#step++;
    context.flush();
  }

  /** Points of the steps since the last call. Waits for the GPU. */
  async drain(): Promise<TrainingPoint[]> {
    const rows = await this.#log.drain();
    const first = this.#step - rows.length;
    const points = rows.map(([loss, globalLoss, patchLoss, rankingAccuracy], i) => ({
      step: first + i + 1,
      loss: loss!,
      globalLoss: globalLoss!,
      patchLoss: this.#settings.patchTerm ? patchLoss! : null,
      rankingAccuracy: rankingAccuracy!,
    }));
    this.#history.push(...points);
    return points;
  }

  /** The run as it stands; call after `drain`. */
  async checkpoint(baseModel: string): Promise<TrainingCheckpoint> {
    return {
      step: this.#step,
      adapter: await this.#lora.toAdapter(baseModel),
      optimizer: await this.#optimizer.exportState(),
      history: [...this.#history],
    };
  }

  /** Continue from a checkpoint of a run with the same settings. */
  restore({ step, adapter, optimizer, history }: TrainingCheckpoint): void {
    this.#lora.write(adapter);
    this.#optimizer.importState(optimizer);
    this.#history = [...history];
    this.#step = step;
  }

  /** Free everything on the GPU. */
  release(): void {
    this.#optimizer.dispose();
    this.#lora.release();
    this.#log.dispose();
    this.#views.release();
  }
}

function checkRequest(settings: TrainingSettings, { photos, negatives, generated }: TrainingImages): void {
  if (photos.length === 0) throw new TrainingSetupError('Add at least one photo of the subject.');
  if (negatives.length === 0)
    throw new TrainingSetupError('There are no negatives: add some, or use the bundled ones.');
  const { positives } = settings;
  if (positives === 'generated' && !generated?.length) {
    throw new TrainingSetupError(
      'There are no generated pictures. Make some first, or choose other positives.',
    );
  }
  const needsMasks = usesCutPaste(settings) && !generated?.length;
  if (needsMasks && !photos.some(({ mask }) => mask)) {
    throw new TrainingSetupError(
      'Cut/Paste needs a mask on at least one photo. Click on the object in a photo to make one, or choose real positives.',
    );
  }
}
