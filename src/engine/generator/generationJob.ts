import { makeImages } from '../../diffusion/sampling/makeImages.ts';
import { UNet2DLora } from '../../models/unet2d/lora.ts';
import type { EnginePhoto } from '../protocol.ts';
import type { Session } from '../session.ts';
import type { SubjectFilter } from './filter.ts';
import { Gate, StoppedError } from './gate.ts';
import type { GeneratorSlot } from './generatorSlot.ts';
import type { GeneratedImage, GenerationEvent, GenerationRequest } from './protocol.ts';

/** One job of images: batch by batch, judged as they come, listening to pause and cancel between model evaluations. */
export class GenerationJob {
  readonly #session: Session;
  readonly #slot: GeneratorSlot;
  readonly #request: GenerationRequest;
  readonly #filter: (photos?: EnginePhoto[]) => SubjectFilter;
  readonly #emit: (event: GenerationEvent) => void;
  readonly #gate: Gate;
  #made = 0;
  #kept = 0;
  #ended: Promise<void> = Promise.resolve();
  active = false;

  constructor(
    session: Session,
    slot: GeneratorSlot,
    request: GenerationRequest,
    filter: (photos?: EnginePhoto[]) => SubjectFilter,
    emit: (event: GenerationEvent) => void,
  ) {
    this.#session = session;
    this.#slot = slot;
    this.#request = request;
    this.#filter = filter;
    this.#emit = emit;
    this.#gate = new Gate(
      () => emit({ type: 'paused' }),
      () => emit({ type: 'resumed' }),
    );
  }

  /** Start; resolves once the job is under way. */
  begin(): void {
    this.active = true;
    this.#ended = this.#drive().finally(() => {
      this.active = false;
    });
  }

  pause(): void {
    this.#gate.pause();
  }

  resume(): void {
    this.#gate.resume();
  }

  /** End, also in the middle of an image; resolves when everything is released. */
  async cancel(): Promise<void> {
    this.#gate.stop();
    await this.#ended;
  }

  async #drive(): Promise<void> {
    const { images, batch, wanted } = this.#request;
    try {
      const threshold = await this.#threshold();
      for (let at = 0; at < images.length && this.#kept < wanted; at += batch) {
        await this.#gate.pass();
        // A batch under which the device is lost is made once more: its images depend on their seeds alone.
        // Only what came of it whole is told, so that no image comes twice.
        this.#deliver(await this.#session.guard(() => this.#batch(images.slice(at, at + batch), threshold)));
      }
      this.#emit({ type: 'finished', made: this.#made, kept: this.#kept });
    } catch (error) {
      if (error instanceof StoppedError) {
        this.#emit({ type: 'cancelled', made: this.#made, kept: this.#kept });
      } else {
        const { name, message } = error as Error;
        this.#emit({ type: 'failed', name, message });
      }
    }
  }

  /** The lowest score that is kept, fitted first where the request leaves it to the encoder; null keeps all. */
  async #threshold(): Promise<number | null> {
    const { filter } = this.#request;
    if (!filter) return null;
    const { threshold, photos, others = [] } = filter;
    if (threshold !== 'auto') return threshold;
    const scale = await this.#session.guard(() =>
      this.#filter(photos).scale(others, async (done, total) => {
        this.#emit({ type: 'fitting', done, total });
        await this.#gate.pass();
      }),
    );
    this.#emit({ type: 'fitted', scale });
    return scale.threshold;
  }

  async #batch(requests: GenerationRequest['images'], threshold: number | null): Promise<GeneratedImage[]> {
    const { settings, lora, previewEvery, filter } = this.#request;
    const { context } = this.#session;
    const { generator } = this.#slot;
    const ids = requests.map(({ id }) => id);
    const adapter = lora ? UNet2DLora.fromAdapter(context, generator.unet.config, lora) : undefined;
    this.#emit({ type: 'started', ids });
    const started = performance.now() - this.#gate.waited;
    const elapsed = () => (performance.now() - this.#gate.waited - started) / 1000;
    try {
      const made = await makeImages(context, generator, settings, requests, adapter, {
        previewEvery,
        onStep: async (step, steps) => {
          const batches = (this.#request.images.length - this.#made) / ids.length;
          const secondsLeft = (elapsed() / step) * (steps * batches - step);
          this.#emit({ type: 'denoising', ids, step, steps, secondsLeft });
          await this.#gate.pass();
        },
        onPreview: (_, previews) => {
          for (const [i, pixels] of previews.entries()) this.#emit({ type: 'preview', id: ids[i]!, pixels });
        },
      });
      const seconds = elapsed() / made.length;
      const judged: GeneratedImage[] = [];
      for (const [i, image] of made.entries()) {
        const { score, box } = filter
          ? await this.#filter(filter.photos).score(image.pixels)
          : { score: null, box: null };
        const accepted = threshold === null || (score !== null && score >= threshold);
        judged.push({ ...image, id: ids[i]!, score, box, accepted, seconds });
      }
      return judged;
    } finally {
      adapter?.release();
    }
  }

  #deliver(judged: readonly GeneratedImage[]): void {
    const { images } = this.#request;
    for (const image of judged) {
      this.#made++;
      if (image.accepted) this.#kept++;
      this.#emit({ type: 'image', image });
    }
    const left = images.length - this.#made;
    this.#emit({
      ...{ type: 'progress', made: this.#made, kept: this.#kept, of: images.length },
      ...{ secondsLeft: left * judged[0]!.seconds, memory: { ...this.#session.context.memory } },
    });
  }
}
