import type { VitLora } from '../../models/vit/lora.ts';
import type { Vit } from '../../models/vit/model.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import { add } from '../../tensor/ops/add.ts';
import { addInPlace } from '../../tensor/ops/addInPlace.ts';
import { concatRows } from '../../tensor/ops/concat.ts';
import { fill } from '../../tensor/ops/fill.ts';
import { gatherRows } from '../../tensor/ops/gatherRows.ts';
import { hinge } from '../../tensor/ops/hinge.ts';
import { infoNce } from '../../tensor/ops/infoNce.ts';
import { matmul } from '../../tensor/ops/matmul/matmul.ts';
import { multiPositive } from '../../tensor/ops/multiPositive.ts';
import { patchContrastive } from '../../tensor/ops/patchContrastive.ts';
import { rankingAccuracy } from '../../tensor/ops/rankingAccuracy.ts';
import { scale } from '../../tensor/ops/scale.ts';
import { sliceRows } from '../../tensor/ops/sliceRows.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ContrastiveLoss } from '../settings.ts';
import { embedViews } from './embedding.ts';

/** What one step compares and how. */
export interface ContrastiveStepSettings {
  loss: ContrastiveLoss;
  temperature: number;
  embedding: 'cls+mean' | 'cls';
  patchTerm: { weight: number; temperature: number } | null;
}

/** The views of a batch, triplet by triplet: anchor, positive, negative, anchor, … */
export interface TripletBatch {
  triplets: number;
  /** First layer still to run; the tokens are its input. */
  fromLayer: number;
  /** Tokens of views `first` to `first + count` of the batch: [count, T, C]. */
  tokens(first: number, count: number): Tensor;
  /**
   * Object share of the patches of the anchors and positives of triplets `first` to `first + count`, [2·count, N], anchors
   * first; negative where unknown. Only asked for with a patch term.
   */
  coverage(first: number, count: number): Tensor;
}

/** Scalars [1] on the GPU, one reference each held by the caller. */
export interface StepScalars {
  loss: Tensor;
  globalLoss: Tensor;
  patchLoss: Tensor;
  rankingAccuracy: Tensor;
}

/**
 * One forward and backward pass of a batch of triplets; gradients are added to the adapter's weights.
 *
 * The loss needs every embedding of the batch at once. When `microBatch` is smaller than the batch, the embeddings are
 * computed without a tape first, the loss gives its gradient at them, and each micro-batch is run again and
 * back-propagated from that gradient: the same numbers in less memory. The patch term splits by triplet.
 */
export function contrastiveStep(
  context: Context,
  encoder: Vit,
  lora: VitLora,
  batch: TripletBatch,
  settings: ContrastiveStepSettings,
  microBatch: number,
): StepScalars {
  return microBatch >= batch.triplets
    ? wholeStep(context, encoder, lora, batch, settings)
    : microStep(context, encoder, lora, batch, settings, microBatch);
}

function wholeStep(
  context: Context,
  encoder: Vit,
  lora: VitLora,
  batch: TripletBatch,
  settings: ContrastiveStepSettings,
): StepScalars {
  const { triplets } = batch;
  const kept: Partial<StepScalars> = {};
  const loss = keep(context, () =>
    context.backward(() => {
      const tokens = encode(encoder, lora, batch, 0, triplets);
      const global = globalLoss(
        context,
        embedViews(context, tokens, settings.embedding, encoder.config),
        triplets,
        settings,
      );
      const patch = patchLoss(context, tokens, batch, 0, triplets, settings);
      kept.globalLoss = global.loss.retain();
      kept.rankingAccuracy = global.accuracy.retain();
      kept.patchLoss = (patch ?? fill(context, [1], 0)).retain();
      return patch ? add(context, global.loss, patch, settings.patchTerm!.weight) : global.loss;
    }),
  );
  return { ...(kept as StepScalars), loss };
}

function microStep(
  context: Context,
  encoder: Vit,
  lora: VitLora,
  batch: TripletBatch,
  settings: ContrastiveStepSettings,
  microBatch: number,
): StepScalars {
  const { triplets } = batch;
  const starts = Array.from({ length: Math.ceil(triplets / microBatch) }, (_, i) => i * microBatch);
  const sizeAt = (first: number) => Math.min(microBatch, triplets - first);

  const embeddings = keep(context, () =>
    concatRows(
      context,
      starts.map((first) =>
        context.scope(() =>
          embedViews(
            context,
            encode(encoder, lora, batch, first, sizeAt(first)),
            settings.embedding,
            encoder.config,
          ),
        ),
      ),
    ),
  );
  embeddings.requiresGrad = true;
  let accuracy: Tensor | undefined;
  const global = keep(context, () =>
    context.backward(() => {
      const result = globalLoss(context, embeddings, triplets, settings);
      accuracy = result.accuracy.retain();
      return result.loss;
    }),
  );
  const gradient = embeddings.grad!;

  const patchTotal = keep(context, () => context.zeros([1], 'patch loss'));
  for (const first of starts) {
    const count = sizeAt(first);
    context.scope(() => {
      const seed = sliceRows(context, gradient, 3 * first, 3 * (first + count));
      context.backward(() => {
        const tokens = encode(encoder, lora, batch, first, count);
        const pulled = innerProduct(
          context,
          embedViews(context, tokens, settings.embedding, encoder.config),
          seed,
        );
        const patch = patchLoss(context, tokens, batch, first, count, settings);
        if (!patch) return pulled;
        const share = scale(context, patch, count / triplets);
        addInPlace(context, patchTotal, share);
        return add(context, pulled, share, settings.patchTerm!.weight);
      });
      return undefined;
    });
  }
  gradient.release();
  embeddings.grad = undefined;
  embeddings.release();
  const loss = keep(context, () => add(context, global, patchTotal, settings.patchTerm?.weight ?? 0));
  return { loss, globalLoss: global, patchLoss: patchTotal, rankingAccuracy: accuracy! };
}

/** Last hidden states of triplets `first` to `first + count`: [3·count, T, C], triplet by triplet. */
function encode(encoder: Vit, lora: VitLora, batch: TripletBatch, first: number, count: number): Tensor {
  if (lora.dropoutDraw) lora.dropoutDraw = { ...lora.dropoutDraw, firstView: 3 * first };
  const tokens = batch.tokens(3 * first, 3 * count);
  return encoder.norm(encoder.layers(tokens, batch.fromLayer, encoder.config.layers, lora));
}

/** Contrastive loss of embeddings [3·triplets, D], and the share of triplets ranked rightly. */
function globalLoss(
  context: Context,
  embeddings: Tensor,
  triplets: number,
  { loss, temperature }: ContrastiveStepSettings,
): { loss: Tensor; accuracy: Tensor } {
  const [q, p, n] = [0, 1, 2].map((role) =>
    gatherRows(
      context,
      embeddings,
      Array.from({ length: triplets }, (_, i) => 3 * i + role),
    ),
  ) as [Tensor, Tensor, Tensor];
  const accuracy = rankingAccuracy(context, q, p, n);
  if (loss === 'hinge') return { loss: hinge(context, q, p, n), accuracy };
  const contrast = loss === 'info-nce' ? infoNce : multiPositive;
  return { loss: contrast(context, q, p, n, { tau: temperature }), accuracy };
}

/** Mean patch term of triplets `first` to `first + count`, or undefined without one. */
function patchLoss(
  context: Context,
  tokens: Tensor,
  batch: TripletBatch,
  first: number,
  count: number,
  { patchTerm }: ContrastiveStepSettings,
): Tensor | undefined {
  if (!patchTerm) return undefined;
  const [views, length, channels] = tokens.shape as [number, number, number];
  const order = [0, 1, 2].flatMap((role) => Array.from({ length: count }, (_, i) => 3 * i + role));
  const rows = context.reshape(tokens, [views, length * channels]);
  const stacked = context.reshape(gatherRows(context, rows, order), [views, length, channels]);
  return patchContrastive(context, stacked, batch.coverage(first, count), { tau: patchTerm.temperature });
}

/** Σ x·w as a scalar [1], for a constant w: its gradient at x is w. */
function innerProduct(context: Context, x: Tensor, w: Tensor): Tensor {
  const row = context.reshape(x, [1, x.size]);
  const column = context.reshape(w, [w.size, 1]);
  return context.reshape(matmul(context, row, column), [1]);
}
