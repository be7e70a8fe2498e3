import { Dinov2Lora } from '../../models/dinov2/lora.ts';
import { Adam } from '../../nn/optim/adam.ts';
import { contrastiveStep } from '../../personalize/trainer/contrastiveStep.ts';
import { chooseMicroBatch } from '../../personalize/trainer/microBatch.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import { sliceRows } from '../../tensor/ops/sliceRows.ts';
import { loraAdapter, randomLora } from './adapter.ts';
import { type HostEncoder, loadHostEncoder, randomPixels } from './encoders.ts';
import type { Timing } from './report.ts';
import { type TimingOptions, timeRuns } from './timing.ts';

/** What is trained: the paper's loss over the class token joined with the mean patch, its optimizer, no dropout. */
export const STEP = { loss: 'info-nce', temperature: 0.07, embedding: 'cls+mean', patchTerm: null } as const;
export const ADAM = { learningRate: 3e-4, betas: [0.5, 0.999], eps: 1e-8 } as const;

/** Steps whose losses the engines must agree on; each after the first has gone through gradients and Adam. */
export const LOSS_STEPS = 2;

/** Time of this engine's forward pass of `images` images, and the last hidden states [images, T, C]. */
export async function forwardFamiliar(
  context: Context,
  host: HostEncoder,
  images: number,
  options?: TimingOptions,
): Promise<Timing & { output: Float32Array<ArrayBuffer> }> {
  const side = host.preprocess.cropWidth;
  const { encoder, release } = loadHostEncoder(context, host);
  const pixels = context.fromArray(randomPixels(images, side), [images, 3, side, side], 'pixels');
  const timing = await timeRuns(async () => {
    context.scope(() => {
      encoder.forward(pixels);
      return undefined;
    });
    await context.recorder.finish();
  }, options);
  const hidden = encoder.forward(pixels);
  const output = await context.read(hidden);
  hidden.release();
  pixels.release();
  release();
  return { ...timing, output };
}

/**
 * Time of one training step as the app does it (`contrastiveStep` in the micro-batches the app would choose, then Adam) on
 * `images` views, a multiple of three, from pixels on. LoRA of rank 16 on query, key and value of all layers.
 */
export async function stepFamiliar(
  context: Context,
  host: HostEncoder,
  images: number,
  options?: TimingOptions,
): Promise<Timing & { losses: number[]; microBatch: number }> {
  const side = host.preprocess.cropWidth;
  const { config } = host;
  const { encoder, release } = loadHostEncoder(context, host);
  const adapter = loraAdapter(config, randomLora(config));
  const lora = Dinov2Lora.fromAdapter(context, config, adapter, true);
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
  const microBatch = chooseMicroBatch(context, encoder, side, config.numHiddenLayers, triplets, 'auto');
  const step = (read: boolean) => {
    optimizer.zeroGrad();
    const loss = context.scope(() => {
      const scalars = contrastiveStep(context, encoder, lora, batch, STEP, microBatch);
      const kept = read ? scalars.loss.retain() : undefined;
      for (const tensor of Object.values(scalars)) tensor.release();
      return kept;
    });
    optimizer.step();
    return loss;
  };
  const losses: number[] = [];
  for (let i = 0; i < LOSS_STEPS; i++) {
    const loss = step(true)!;
    losses.push((await context.read(loss))[0]!);
    loss.release();
  }
  const timing = await timeRuns(async () => {
    step(false);
    await context.recorder.finish();
  }, options);
  optimizer.dispose();
  lora.release();
  views.release();
  release();
  return { ...timing, losses, microBatch };
}
