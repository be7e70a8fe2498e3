import { VitLora } from '../../models/vit/lora.ts';
import { Adam } from '../../nn/optim/adam.ts';
import { contrastiveStep } from '../../personalize/trainer/contrastiveStep.ts';
import { chooseMicroBatch } from '../../personalize/trainer/microBatch.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import { sliceRows } from '../../tensor/ops/sliceRows.ts';
import { loraAdapter, randomLora } from './adapter.ts';
import { type HostEncoder, loadHostEncoder, randomPixels } from './encoders.ts';
import type { PlannedCase } from './plan.ts';
import type { EncoderRow, Timing } from './report.ts';
import { type TimingOptions, timeRuns } from './timing.ts';

/** What is trained: the paper's loss over the class token joined with the mean patch, its optimizer, no dropout. */
export const STEP = { loss: 'info-nce', temperature: 0.07, embedding: 'cls+mean', patchTerm: null } as const;
export const ADAM = { learningRate: 3e-4, betas: [0.5, 0.999], eps: 1e-8 } as const;

/** Steps before the timed ones, whose losses the engines must agree on; the second has gone through gradients and Adam. */
export const LOSS_STEPS = 2;

/** Time a case in this engine; the output is the last hidden states, or the losses of the first steps. */
export async function runFamiliar(
  context: Context,
  { host, rivals, ...row }: PlannedCase,
  options: TimingOptions,
): Promise<{ row: EncoderRow; output: ArrayLike<number> }> {
  if (row.kind === 'forward') {
    const { output, ...timing } = await forward(context, host, row.images, options);
    return { row: { ...row, engine: 'familiar', ...timing }, output };
  }
  const warmUps = rivals.length ? LOSS_STEPS : 1;
  const { losses, microBatch, ...timing } = await timeStep(context, host, row.images, options, { warmUps });
  const whole = microBatch * 3 >= row.images;
  const note = whole ? 'whole batch at once' : `micro-batches of ${microBatch * 3} images`;
  return { row: { ...row, engine: 'familiar', ...timing, note }, output: losses };
}

/** Time of a forward pass of `images` images, and the last hidden states [images, T, C]. */
async function forward(
  context: Context,
  host: HostEncoder,
  images: number,
  options: TimingOptions,
): Promise<Timing & { output: Float32Array<ArrayBuffer> }> {
  const side = host.preprocess.cropWidth;
  const { encoder, release } = loadHostEncoder(context, host);
  const pixels = context.fromArray(randomPixels(images, side), [images, 3, side, side], 'pixels');
  const timing = await timeRuns(async () => {
    context.scope(() => {
      encoder.forward(pixels);
      return undefined;
    });
    await context.finish();
  }, options);
  const hidden = encoder.forward(pixels);
  const output = await context.read(hidden);
  hidden.release();
  pixels.release();
  release();
  return { ...timing, output };
}

/**
 * Time of one training step as the app does it (`contrastiveStep`, then Adam) on `images` views, a multiple of three, from pixels
 * on. LoRA of rank 16 on query, key and value of all layers.
 * @param given.microBatch triplets encoded at once; what the app would choose when left out
 */
export async function timeStep(
  context: Context,
  host: HostEncoder,
  images: number,
  options: TimingOptions,
  given: { warmUps: number; microBatch?: number },
): Promise<Timing & { losses: number[]; microBatch: number }> {
  const side = host.preprocess.cropWidth;
  const { config } = host;
  const { encoder, release } = loadHostEncoder(context, host);
  const adapter = loraAdapter(config, randomLora(config));
  const lora = VitLora.fromAdapter(context, config, adapter, true);
  const optimizer = new Adam(context, lora.parameters(), ADAM);
  const views = keep(context, () =>
    context.fromArray(randomPixels(images, side), [images, 3 * side * side], 'views'),
  );
  const triplets = images / 3;
  const batch = {
    triplets,
    fromLayer: 0,
    tokens: (first: number, count: number) => {
      const rows = count === images ? views : sliceRows(context, views, first, first + count);
      return encoder.embed(context.reshape(rows, [count, 3, side, side]));
    },
    coverage: () => {
      throw new Error('there is no patch term');
    },
  };
  const { warmUps, microBatch: setting = 'auto' } = given;
  const microBatch = chooseMicroBatch(context, encoder, side, config.layers, triplets, setting);
  const losses: number[] = [];
  const timing = await timeRuns(
    async () => {
      optimizer.zeroGrad();
      const scalars = contrastiveStep(context, encoder, lora, batch, STEP, microBatch);
      optimizer.step();
      await context.finish();
      if (losses.length < warmUps) losses.push((await context.read(scalars.loss))[0]!);
      for (const tensor of Object.values(scalars)) tensor.release();
    },
    options,
    warmUps,
  );
  optimizer.dispose();
  lora.release();
  views.release();
  release();
  return { ...timing, losses, microBatch };
}
