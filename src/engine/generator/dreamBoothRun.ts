import { type CaptionGrammar, readCaptionGrammar } from '../../diffusion/captions/grammar.ts';
import { classPrompt, instancePrompt } from '../../diffusion/captions/prompts.ts';
import { teachingPrompts } from '../../diffusion/captions/teaching.ts';
import type { LatentBank } from '../../diffusion/dreambooth/batch.ts';
import { buildLatentBank, type InstanceBank } from '../../diffusion/dreambooth/latentBank.ts';
import { microBatch } from '../../diffusion/dreambooth/settings.ts';
import {
  type DreamBoothData,
  DreamBoothTrainer,
  type TokenData,
} from '../../diffusion/dreambooth/trainer.ts';
import { encodePrompts } from '../../diffusion/generator/textStates.ts';
import { makeImages } from '../../diffusion/sampling/makeImages.ts';
import type { Context } from '../../tensor/context.ts';
import type { Session } from '../session.ts';
import { Gate, StoppedError } from './gate.ts';
import type { GeneratorSlot } from './generatorSlot.ts';
import type { ClassImage, DreamBoothCheckpoint, DreamBoothEvent, DreamBoothRequest } from './protocol.ts';

/** Losses are read back once in this many milliseconds: a read-back waits for the GPU. */
const READ_EVERY_MS = 250;
/** Weight of the newest step in the moving average that time left is told by. */
const SMOOTHING = 0.2;
/** Class images denoised at once. */
const CLASS_BATCH = 2;

/**
 * One DreamBooth run: codes the photos, makes the class images that are missing, then trains step by step with
 * checkpoints and samples; starts again from the last checkpoint when the device was lost.
 */
export class DreamBoothRun {
  readonly #session: Session;
  readonly #slot: GeneratorSlot;
  readonly #request: DreamBoothRequest;
  readonly #emit: (event: DreamBoothEvent) => void;
  readonly #gate: Gate;
  readonly #classImages: ClassImage[];
  #data: DreamBoothData | undefined;
  /** What samples on the way are asked for: a prompt that is learned. */
  #samplePrompt = '';
  #trainer: DreamBoothTrainer | undefined;
  #checkpoint: DreamBoothCheckpoint | undefined;
  #secondsAStep: number | undefined;
  #secondsASample: number | undefined;
  #ended: Promise<void> = Promise.resolve();
  active = false;

  constructor(
    session: Session,
    slot: GeneratorSlot,
    request: DreamBoothRequest,
    emit: (event: DreamBoothEvent) => void,
  ) {
    this.#session = session;
    this.#slot = slot;
    this.#request = request;
    this.#emit = emit;
    this.#checkpoint = request.checkpoint;
    this.#classImages = [...request.classImages];
    this.#gate = new Gate(
      () => emit({ type: 'paused', step: this.#trainer?.step ?? 0 }),
      () => emit({ type: 'resumed', step: this.#trainer?.step ?? 0 }),
    );
  }

  begin(): void {
    this.active = true;
    this.#ended = this.#drive().finally(() => {
      this.active = false;
      this.#releaseTrainer();
    });
  }

  pause(): void {
    this.#gate.pause();
  }

  resume(): void {
    this.#gate.resume();
  }

  /** End after the step that is running; resolves when everything is released. */
  async stop(): Promise<void> {
    this.#gate.stop();
    await this.#ended;
  }

  async #drive(): Promise<void> {
    const started = performance.now();
    for (;;) {
      const { context } = this.#session;
      try {
        await this.#train(context);
        const checkpoint = await this.#trainer!.checkpoint();
        this.#emit({ type: 'finished', checkpoint, seconds: (performance.now() - started) / 1000 });
        return;
      } catch (error) {
        if (error instanceof StoppedError) {
          this.#emit({ type: 'stopped', checkpoint: await this.#lastCheckpoint() });
          return;
        }
        if (!(await this.#deviceLost(context))) {
          const { name, message } = error as Error;
          this.#emit({ type: 'failed', name, message });
          return;
        }
      }
    }
  }

  async #train(context: Context): Promise<void> {
    const { settings } = this.#request;
    const { generator } = this.#slot;
    this.#data ??= await this.#prepare(context);
    const trainer = new DreamBoothTrainer(
      context,
      generator.unet,
      generator.scheduler,
      settings,
      this.#data,
      microBatch(settings, context.backend.traits.onCpu),
      this.#data.token && (await generator.textModel()),
    );
    this.#trainer = trainer;
    if (this.#checkpoint) trainer.restore(this.#checkpoint);
    const { steps } = settings;
    this.#emit({ type: 'stage', stage: 'training', done: trainer.step, total: steps, secondsLeft: null });
    if (settings.validateEvery > 0 && trainer.step === 0) await this.#validate(context, trainer);
    let lastRead = performance.now();
    while (trainer.step < settings.steps) {
      await this.#gate.pass();
      const begin = performance.now();
      trainer.runStep();
      await context.finish();
      if (!this.#session.alive || this.#session.context !== context) throw new Error('the device was lost');
      this.#timed((performance.now() - begin) / 1000);
      const last = trainer.step === settings.steps;
      const due = (every: number) => every > 0 && trainer.step % every === 0;
      if (last || trainer.logFull || performance.now() - lastRead > READ_EVERY_MS) {
        await this.#report(context, trainer);
        lastRead = performance.now();
      }
      if (due(settings.checkpointEvery) && !last) {
        await this.#report(context, trainer);
        this.#checkpoint = await trainer.checkpoint();
        this.#emit({ type: 'checkpoint', checkpoint: this.#checkpoint });
      }
      if (due(settings.validateEvery) || (last && settings.validateEvery > 0)) {
        await this.#validate(context, trainer);
      }
    }
  }

  /** Everything training reads: latents of photos and class, text states. Survives a lost device: it is on the CPU. */
  async #prepare(context: Context): Promise<DreamBoothData> {
    const { settings, classWord, photos } = this.#request;
    const { generator } = this.#slot;
    const grammar = readCaptionGrammar(generator.captions);
    // Without any mask nothing is painted, and a few photos have too few backgrounds of their own to learn from.
    const describes = settings.captions === 'described' && photos.some(({ mask }) => mask);
    const described = describes && grammar ? { classWord, grammar } : undefined;
    const watch = this.#stopwatch();
    const instances = await buildLatentBank(generator, photos, settings, described, async (done, total) => {
      this.#emit({ type: 'stage', stage: 'views', done, total, secondsLeft: watch.left(done, total) });
      await this.#gate.pass();
    });
    const prior = settings.prior ? await this.#prior(context) : undefined;
    const prompts = this.#prompts(instances, grammar);
    this.#samplePrompt = prompts[0]!;
    const instanceText = await encodePrompts(generator, prompts);
    const classText = prior && (await encodePrompts(generator, [classPrompt(classWord)]));
    const { latentSize: size, latentChannels: channels } = generator.info;
    const token =
      settings.tokenLearningRate === null ? undefined : await this.#token(prompts, prior !== undefined);
    return { instances, prior, size, channels, instanceText, classText, token };
  }

  /** What the photos are learned under; described ones are told which is theirs. */
  #prompts(instances: InstanceBank, grammar: CaptionGrammar | undefined): string[] {
    const { settings, classWord } = this.#request;
    if (instances.prompts) {
      const prompts = [...new Set(instances.prompts)];
      instances.captions = instances.prompts.map((prompt) => prompts.indexOf(prompt));
      return prompts;
    }
    return settings.captions !== 'instance'
      ? teachingPrompts(classWord, grammar)
      : [instancePrompt(classWord)];
  }

  /** Prompts as ids; the subject's embedding starts as the checkpoint has it, or as the class word's first token. */
  async #token(prompts: readonly string[], withClass: boolean): Promise<TokenData> {
    const { classWord } = this.#request;
    const { tokenizer, textModel } = this.#slot.generator;
    const model = await textModel();
    const encoded = prompts.map((prompt) => tokenizer.encodeSubject(prompt));
    const id = encoded[0]!.subject;
    const known = id < model.config.vocabulary;
    return {
      id,
      instanceIds: encoded.map(({ ids }) => ids),
      classIds: withClass ? tokenizer.encode(classPrompt(classWord)) : undefined,
      start: model.embedding(known ? id : tokenizer.firstId(classWord)),
    };
  }

  async #prior(context: Context): Promise<LatentBank> {
    const { settings, classWord } = this.#request;
    const { images, sampler, steps, guidance } = settings.prior!;
    const made = this.#classImages;
    const sampling = { sampler, steps, guidance, negativePrompt: '' };
    const prompt = classPrompt(classWord);
    const [known, watch] = [made.length, this.#stopwatch()];
    while (made.length < images) {
      const secondsLeft = watch.left(made.length - known, images - known);
      this.#emit({ type: 'stage', stage: 'class images', done: made.length, total: images, secondsLeft });
      const seeds = Array.from(
        { length: Math.min(CLASS_BATCH, images - made.length) },
        (_, i) => made.length + i,
      );
      const requests = seeds.map((seed) => ({ prompt, seed }));
      const batch = await makeImages(context, this.#slot.generator, sampling, requests, undefined, {
        onStep: () => this.#gate.pass(),
      });
      for (const { latents, pixels, seed } of batch) {
        const image = { latents, seed };
        made.push(image);
        this.#emit({ type: 'class-image', image, pixels });
      }
    }
    this.#emit({ type: 'stage', stage: 'class images', done: images, total: images, secondsLeft: 0 });
    const latents = made.slice(0, images).map((image) => image.latents);
    const cells = this.#slot.generator.info.latentSize ** 2;
    return { latents, weights: latents.map(() => new Float32Array(cells).fill(1)) };
  }

  /** A sample from a fixed seed: what the generator has learned so far. */
  async #validate(context: Context, trainer: DreamBoothTrainer): Promise<void> {
    const { settings } = this.#request;
    const { seed } = settings;
    const prompt = this.#samplePrompt;
    const watch = this.#stopwatch();
    const sampling = { ...settings.validation, negativePrompt: '' };
    const [image] = await makeImages(
      context,
      this.#slot.generator,
      sampling,
      [{ prompt, seed }],
      trainer.lora,
      {
        onStep: () => this.#gate.pass(),
      },
    );
    this.#secondsASample = watch.seconds;
    this.#emit({ type: 'validation', step: trainer.step, prompt, seed, pixels: image!.pixels });
  }

  /** Time from now on, without that spent paused. */
  #stopwatch(): { readonly seconds: number; left: (done: number, total: number) => number | null } {
    const working = () => performance.now() - this.#gate.waited;
    const started = working();
    const seconds = () => (working() - started) / 1000;
    return {
      get seconds() {
        return seconds();
      },
      left: (done, total) => (done > 0 ? (seconds() / done) * (total - done) : null),
    };
  }

  #timed(seconds: number): void {
    const before = this.#secondsAStep;
    this.#secondsAStep = before === undefined ? seconds : (1 - SMOOTHING) * before + SMOOTHING * seconds;
  }

  async #report(context: Context, trainer: DreamBoothTrainer): Promise<void> {
    const { steps, validateEvery } = this.#request.settings;
    const samples = samplesLeft(trainer.step, steps, validateEvery);
    const secondsAStep = this.#secondsAStep ?? 0;
    const secondsLeft = secondsAStep * (steps - trainer.step) + (this.#secondsASample ?? 0) * samples;
    for (const point of await trainer.drain()) {
      this.#emit({ type: 'step', point, secondsAStep, secondsLeft, memory: context.memory });
    }
  }

  async #lastCheckpoint(): Promise<DreamBoothCheckpoint | null> {
    const trainer = this.#trainer;
    if (!trainer || trainer.step === 0 || !this.#session.alive) return this.#checkpoint ?? null;
    await this.#report(this.#session.context, trainer);
    return trainer.checkpoint();
  }

  /** Whether an error came from a lost device; if so, waits for the new one. */
  async #deviceLost(context: Context): Promise<boolean> {
    // The loss is reported a little after the first call that fails by it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (this.#session.alive && this.#session.context === context) return false;
    this.#trainer = undefined;
    await this.#session.recovered();
    if (!this.#session.alive) return false;
    this.#emit({
      ...{ type: 'recovered', fromStep: this.#checkpoint?.step ?? 0 },
      reason: `${this.#session.interruption}; training continues from the last checkpoint.`,
    });
    return true;
  }

  #releaseTrainer(): void {
    const trainer = this.#trainer;
    this.#trainer = undefined;
    // Tensors of a lost device need no release: their pool went with it.
    if (trainer && this.#session.alive) trainer.release();
  }
}

/** Samples on the way that are still to come after a step: every `every` steps, and after the last. */
export function samplesLeft(step: number, steps: number, every: number): number {
  if (every === 0 || step >= steps) return 0;
  return Math.ceil(steps / every) - Math.floor(step / every);
}
