import { microBatch } from '../../diffusion/dreambooth/settings.ts';
import { unetMemory, weightBytes } from '../../models/unet2d/memory.ts';
import { refuseTooLarge } from '../memoryCheck.ts';
import type { EnginePhoto } from '../protocol.ts';
import type { Session } from '../session.ts';
import { DreamBoothRun } from './dreamBoothRun.ts';
import type { SubjectFilter } from './filter.ts';
import { GenerationJob } from './generationJob.ts';
import { GeneratorSlot } from './generatorSlot.ts';
import type {
  DreamBoothEvent,
  DreamBoothRequest,
  FilterScale,
  GenerationEvent,
  GenerationRequest,
  GeneratorApi,
  GeneratorInfo,
  GeneratorProgress,
  GeneratorSource,
  PromptCheck,
} from './protocol.ts';

/** What the generator needs of the engine around it. */
export interface GeneratorHost {
  session: Session;
  baseUrl: () => string;
  /**
   * The filter that compares with these photos, or with the engine's references.
   * @throws Error when there is no encoder or there are no photos
   */
  filter: (photos?: EnginePhoto[]) => SubjectFilter;
  /** Bytes of the encoder that is loaded beside. */
  encoderBytes: () => number;
}

/** The engine's generator: at most one loaded, one DreamBooth run and one job of images. */
export class GeneratorRoom implements GeneratorApi {
  readonly #host: GeneratorHost;
  readonly #slot = new GeneratorSlot();
  #run: DreamBoothRun | undefined;
  #job: GenerationJob | undefined;

  constructor(host: GeneratorHost) {
    this.#host = host;
    host.session.onRebuild((context) => this.#slot.rebuild(context));
  }

  /** Whether a DreamBooth run is under way. */
  get training(): boolean {
    return this.#run?.active ?? false;
  }

  /** Bytes of the generator's weights; 0 while none is loaded. */
  get bytes(): number {
    const info = this.#slot.info;
    return info ? weightBytes(info.unet, info.half).all : 0;
  }

  async loadGenerator(
    source: GeneratorSource,
    onProgress: (progress: GeneratorProgress) => void,
  ): Promise<GeneratorInfo> {
    this.#refuseWhileBusy('Another generator cannot be loaded');
    return this.#host.session.guard((context) =>
      this.#slot.load(context, source, this.#host.baseUrl(), onProgress),
    );
  }

  async unloadGenerator(): Promise<void> {
    this.#refuseWhileBusy('The generator cannot be let go');
    this.#slot.unload(this.#host.session.context);
  }

  async generatorCaptions(): Promise<unknown> {
    return this.#slot.generator.captions;
  }

  async checkPrompts(prompts: string[]): Promise<PromptCheck[]> {
    const { tokenizer } = this.#slot.generator;
    return prompts.map((prompt) => ({
      prompt,
      unknown: tokenizer.unknownWords(prompt),
      cut: tokenizer.isCut(prompt),
    }));
  }

  async startDreamBooth(
    request: DreamBoothRequest,
    onEvent: (event: DreamBoothEvent) => void,
  ): Promise<void> {
    this.#refuseWhileBusy('A second run cannot start');
    await this.#host.session.recovered();
    const { settings } = request;
    if (request.photos.length === 0) throw new Error('Add at least one photo of the subject.');
    this.#refuseTooLarge(
      { images: microBatch(settings, this.#host.session.context.backend.traits.onCpu), training: true },
      'Learning',
      'Learn from fewer pictures at a time, or take a smaller generator.',
    );
    this.#run = new DreamBoothRun(this.#host.session, this.#slot, request, onEvent);
    this.#run.begin();
  }

  async pauseDreamBooth(): Promise<void> {
    this.#run?.pause();
  }

  async resumeDreamBooth(): Promise<void> {
    this.#run?.resume();
  }

  async stopDreamBooth(): Promise<void> {
    await this.#run?.stop();
  }

  async startGeneration(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
  ): Promise<void> {
    this.#refuseWhileBusy('More images cannot be made');
    await this.#host.session.recovered();
    const { batch, settings } = request;
    this.#refuseTooLarge(
      { images: batch * (settings.guidance === 1 ? 1 : 2), training: false },
      'Drawing',
      'Draw fewer pictures at once, draw without guidance, or take a smaller generator.',
    );
    if (request.filter) this.#host.filter(request.filter.photos);
    this.#job = new GenerationJob(this.#host.session, this.#slot, request, this.#host.filter, onEvent);
    this.#job.begin();
  }

  async pauseGeneration(): Promise<void> {
    this.#job?.pause();
  }

  async resumeGeneration(): Promise<void> {
    this.#job?.resume();
  }

  async cancelGeneration(): Promise<void> {
    await this.#job?.cancel();
  }

  filterScale(others: EnginePhoto[]): Promise<FilterScale> {
    return this.#host.session.guard(() => this.#host.filter().scale(others));
  }

  /**
   * @param work images that are run through the UNet at once
   * @throws OutOfMemoryError when they would not fit beside the encoder, Error when no generator is loaded
   */
  #refuseTooLarge(work: { images: number; training: boolean }, what: string, smaller: string): void {
    const { encoderBytes, session } = this.#host;
    const { unet, latentSize: side, half } = this.#slot.generator.info;
    const bytes = encoderBytes() + unetMemory(unet, { ...work, side, half });
    refuseTooLarge(session.context.backend.traits, bytes, what, smaller);
  }

  #refuseWhileBusy(what: string): void {
    if (this.#run?.active) throw new Error(`${what} while the generator is learning. Stop it first.`);
    if (this.#job?.active) throw new Error(`${what} while images are being made. Cancel them first.`);
  }
}
