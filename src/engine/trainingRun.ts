import { Trainer } from '../personalize/trainer/trainer.ts';
import type { Context } from '../tensor/context.ts';
import type { LoadedEncoder } from './encoderSlot.ts';
import type { TrainingCheckpoint, TrainingEvent, TrainingRequest } from './protocol.ts';
import type { Session } from './session.ts';

/** Losses are read back once in this many milliseconds: a read-back waits for the GPU. */
const READ_EVERY_MS = 250;

/** Weight of the newest step in the moving average that time left is told by. */
const SMOOTHING = 0.2;

/**
 * One training run: drives a trainer step by step, listens to pause, step and stop between steps, and starts again from
 * the last checkpoint when the device was lost.
 */
export class TrainingRun {
  readonly #session: Session;
  readonly #encoder: () => LoadedEncoder;
  readonly #request: TrainingRequest;
  readonly #emit: (event: TrainingEvent) => void;
  readonly #baseModel: string;
  #trainer: Trainer | undefined;
  #checkpoint: TrainingCheckpoint | undefined;
  #paused: boolean;
  #stepsWhilePaused = 0;
  #stopped = false;
  #wake: () => void = () => {};
  #stepDone: (() => void)[] = [];
  #secondsAStep: number | undefined;
  #ended: Promise<void> = Promise.resolve();
  active = false;

  constructor(
    session: Session,
    encoder: () => LoadedEncoder,
    request: TrainingRequest,
    emit: (event: TrainingEvent) => void,
    baseModel: string,
  ) {
    this.#session = session;
    this.#encoder = encoder;
    this.#request = request;
    this.#emit = emit;
    this.#baseModel = baseModel;
    this.#checkpoint = request.checkpoint;
    this.#paused = request.paused ?? false;
  }

  /** Check the request and start; resolves once the run is under way. */
  async begin(): Promise<void> {
    this.#trainer = this.#createTrainer(this.#session.context);
    this.active = true;
    this.#ended = this.#drive().finally(() => {
      this.active = false;
      this.#releaseTrainer();
      for (const done of this.#stepDone.splice(0)) done();
    });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  /** One step while paused; resolves when it is done. */
  async stepOnce(): Promise<void> {
    if (!this.active) return;
    this.#paused = true;
    this.#stepsWhilePaused++;
    const done = new Promise<void>((resolve) => this.#stepDone.push(resolve));
    this.#wake();
    await done;
  }

  /** End after the step that is running; resolves when everything is released. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#trainer?.cancel();
    this.#wake();
    await this.#ended;
  }

  /** A checkpoint of where the run is, or null before its first step. */
  async checkpoint(): Promise<TrainingCheckpoint | null> {
    const trainer = this.#trainer;
    if (!this.active || !trainer?.ready) return this.#checkpoint ?? null;
    return trainer.checkpoint(this.#baseModel);
  }

  async #drive(): Promise<void> {
    const started = performance.now();
    for (;;) {
      const context = this.#session.context;
      try {
        await this.#train(context);
        break;
      } catch (error) {
        if (this.#stopped) break;
        const lost = await this.#deviceLost(context);
        if (!lost) {
          const { name, message } = error as Error;
          this.#emit({ type: 'failed', name, message });
          return;
        }
      }
    }
    const checkpoint = await this.#finalCheckpoint();
    if (this.#stopped || !checkpoint) this.#emit({ type: 'stopped', checkpoint });
    else this.#emit({ type: 'finished', checkpoint, seconds: (performance.now() - started) / 1000 });
  }

  async #train(context: Context): Promise<void> {
    const trainer = (this.#trainer ??= this.#createTrainer(context));
    await trainer.prepare({
      onStage: (stage, done, total) => this.#emit({ type: 'stage', stage, done, total }),
      onPositive: (positive) => this.#emit({ type: 'positive', positive }),
    });
    if (this.#checkpoint) trainer.restore(this.#checkpoint);
    const { settings } = this.#request;
    let lastRead = performance.now();
    while (trainer.step < settings.steps && !this.#stopped) {
      if (!(await this.#mayStep(trainer.step))) break;
      const begin = performance.now();
      trainer.runStep();
      await context.finish();
      if (this.#session.alive === false || this.#session.context !== context)
        throw new Error('the device was lost');
      const seconds = (performance.now() - begin) / 1000;
      this.#secondsAStep =
        this.#secondsAStep === undefined
          ? seconds
          : (1 - SMOOTHING) * this.#secondsAStep + SMOOTHING * seconds;
      const last = trainer.step === settings.steps;
      if (last || this.#paused || trainer.logFull || performance.now() - lastRead > READ_EVERY_MS) {
        await this.#report(trainer, context);
        lastRead = performance.now();
      }
      if (!last && trainer.step % settings.checkpointEvery === 0) {
        await this.#report(trainer, context);
        this.#checkpoint = await trainer.checkpoint(this.#baseModel);
        this.#emit({ type: 'checkpoint', checkpoint: this.#checkpoint });
      }
      this.#stepDone.shift()?.();
    }
    await this.#report(trainer, context);
  }

  /** Wait while paused; false when the run was stopped meanwhile. */
  async #mayStep(step: number): Promise<boolean> {
    if (!this.#paused) return !this.#stopped;
    let told = false;
    while (this.#paused && !this.#stopped) {
      if (this.#stepsWhilePaused > 0) {
        this.#stepsWhilePaused--;
        return true;
      }
      if (!told) this.#emit({ type: 'paused', step });
      told = true;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (!this.#stopped) this.#emit({ type: 'resumed', step });
    return !this.#stopped;
  }

  async #report(trainer: Trainer, context: Context): Promise<void> {
    const points = await trainer.drain();
    const { settings } = this.#request;
    const seconds = this.#secondsAStep ?? 0;
    for (const point of points) {
      this.#emit({
        type: 'step',
        point,
        imagesPerSecond: seconds > 0 ? (3 * settings.batch) / seconds : 0,
        secondsLeft: seconds * (settings.steps - trainer.step),
        memory: context.memory,
      });
    }
  }

  /** Whether an error came from a lost device; if so, waits for the new one and readies a new trainer. */
  async #deviceLost(context: Context): Promise<boolean> {
    // The loss is reported a little after the first call that fails by it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (this.#session.alive && this.#session.context === context) return false;
    this.#trainer = undefined;
    await this.#session.recovered();
    if (!this.#session.alive) return false;
    this.#emit({
      type: 'recovered',
      fromStep: this.#checkpoint?.step ?? 0,
      reason: `${this.#session.interruption}; training continues from the last checkpoint.`,
    });
    return true;
  }

  async #finalCheckpoint(): Promise<TrainingCheckpoint | null> {
    const trainer = this.#trainer;
    if (!trainer?.ready || trainer.step === 0) return this.#checkpoint ?? null;
    return trainer.checkpoint(this.#baseModel);
  }

  #createTrainer(context: Context): Trainer {
    const { encoder, preprocess } = this.#encoder();
    return new Trainer(context, encoder, preprocess, this.#request.settings, this.#request);
  }

  #releaseTrainer(): void {
    const trainer = this.#trainer;
    this.#trainer = undefined;
    // Tensors of a lost device need no release: their pool went with it.
    if (trainer && this.#session.alive) trainer.release();
  }
}
