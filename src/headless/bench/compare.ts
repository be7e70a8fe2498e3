import { relativeError } from '../../images/relativeError.ts';
import type { Context } from '../../tensor/context.ts';
import { randomPixels } from './encoders.ts';
import { LOSS_STEPS } from './familiar.ts';
import { caseFlops, tokensOf } from './flops.ts';
import { loadJax, stepJax } from './jax/step.ts';
import { dinov2Onnx } from './onnx/dinov2.ts';
import { loadOrt, timeOrt } from './ort.ts';
import type { PlannedCase } from './plan.ts';
import type { EncoderRow, Engine, SkippedRow } from './report.ts';
import type { TimingOptions } from './timing.ts';

/** Longest that a case of another engine may be expected to take on the processor, in seconds. */
const MOST_SECONDS = 60;

/** Runs the cases in other engines; knows how fast each has been, to leave out what would take too long. */
export class Rivals {
  readonly #context: Context;
  readonly #baseUrl: string;
  readonly #onnxFile: string | undefined;
  /** Floating-point operations a second of each engine's slowest case so far. */
  readonly #rates = new Map<Engine, number>();

  /** @param onnxFile address of an ONNX file of the embedded encoder to time beside our own */
  constructor(context: Context, baseUrl: string, onnxFile?: string) {
    this.#context = context;
    this.#baseUrl = baseUrl;
    this.#onnxFile = onnxFile;
  }

  /**
   * Time a case in another engine.
   * @param expected this engine's last hidden states, or losses of the first steps
   */
  async run(
    engine: Engine,
    item: PlannedCase,
    expected: ArrayLike<number>,
    options: TimingOptions,
  ): Promise<EncoderRow | SkippedRow> {
    const { host, rivals: _, ...row } = item;
    const flops = caseFlops(host, item);
    const known = this.#rates.get(engine);
    // Warm-up and one timed run.
    const seconds = known ? (flops / known) * (item.kind === 'step' ? LOSS_STEPS + 1 : 2) : 0;
    if (this.#context.backend.traits.onCpu && seconds > MOST_SECONDS) {
      return { ...row, engine, skipped: `would take about ${Math.round(seconds)} s by its rate so far` };
    }
    try {
      const result =
        engine === 'jax-js' ? await this.#jax(item, options) : await this.#ort(engine, item, options);
      const { output, note, ...timing } = result;
      const rate = flops / (timing.bestMs / 1000);
      this.#rates.set(engine, Math.min(rate, this.#rates.get(engine) ?? rate));
      return { ...row, engine, ...timing, error: relativeError(output, expected), note };
    } catch (error) {
      return { ...row, engine, skipped: `failed: ${(error as Error).message}` };
    }
  }

  async #jax({ host, images }: PlannedCase, options: TimingOptions) {
    const jax = await loadJax(this.#baseUrl, 'webgpu');
    const { losses, ...timing } = await stepJax(jax, host, images, options);
    return { ...timing, output: losses, note: undefined };
  }

  async #ort(engine: Engine, { host, images }: PlannedCase, options: TimingOptions) {
    const ort = await loadOrt(this.#baseUrl);
    const model =
      engine === 'onnxruntime-web, given file'
        ? await fetchBytes(this.#onnxFile!)
        : dinov2Onnx(host, images, engine === 'onnxruntime-web' ? 'standard' : 'fused');
    const side = host.preprocess.cropWidth;
    const pixels = { values: randomPixels(images, side), shape: [images, 3, side, side] };
    const shape = [images, tokensOf(host), host.config.width];
    const { device, ...result } = await timeOrt(
      ort,
      this.#context.backend.sharedDevice,
      model,
      pixels,
      shape,
      options,
    );
    return { ...result, note: `on ${device === 'shared' ? "this engine's device" : 'a device of its own'}` };
  }
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
