import { linear } from '../../nn/linear.ts';
import { loraLinear } from '../../nn/lora.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import { attentionFused } from '../../tensor/ops/attention/attention.ts';
import { prependToken } from '../../tensor/ops/concatTokens.ts';
import { gelu } from '../../tensor/ops/gelu.ts';
import { interpolatePosition } from '../../tensor/ops/interpolatePosition.ts';
import { layerNorm } from '../../tensor/ops/layerNorm.ts';
import { addScaled } from '../../tensor/ops/layerScale.ts';
import { patchEmbed } from '../../tensor/ops/patchEmbed.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Dinov2Config } from '../weights/dinov2Config.ts';
import type { Dinov2Lora, LoraSite } from './lora.ts';
import type { Dinov2Weights } from './weights.ts';

/**
 * The DINOv2 vision transformer (Oquab et al., arXiv 2304.07193) as Hugging Face's `Dinov2Model` computes it, driven by
 * its config. Weights are frozen; adapters are passed to each call, so pretrained and personalized share them.
 */
export class Dinov2 {
  readonly config: Dinov2Config;
  readonly #context: Context;
  readonly #weights: Dinov2Weights;
  readonly #positions = new Map<string, Tensor>();

  constructor(context: Context, config: Dinov2Config, weights: Dinov2Weights) {
    this.#context = context;
    this.config = config;
    this.#weights = weights;
  }

  /**
   * Patches, class token and positions: the input of the first layer.
   * @param pixels [B, 3, H, W], normalized; H and W in multiples of the patch size
   * @returns [B, 1 + (H/p)(W/p), C]
   */
  embed(pixels: Tensor): Tensor {
    const context = this.#context;
    const [, , height, width] = pixels.shape as [number, number, number, number];
    const { patchSize } = this.config;
    return context.scope(() => {
      const { patchWeight, patchBias, classToken } = this.#weights;
      const patches = patchEmbed(context, pixels, patchWeight, patchBias);
      const positions = this.#positionTable(Math.floor(height / patchSize), Math.floor(width / patchSize));
      return prependToken(context, classToken, patches, positions);
    });
  }

  /**
   * Layers `from` to `to` (exclusive) on tokens x [B, T, C].
   * @param lora adapter to apply, or none for the pretrained encoder
   */
  layers(x: Tensor, from: number, to: number, lora?: Dinov2Lora): Tensor {
    let tokens = x;
    for (let i = from; i < to; i++) {
      const input = tokens;
      tokens = this.#context.scope(() => this.#layer(input, i, lora));
      if (input !== x) this.#context.drop(input);
    }
    return tokens;
  }

  /** Final LayerNorm: `last_hidden_state`. */
  norm(x: Tensor): Tensor {
    return layerNorm(
      this.#context,
      x,
      this.#weights.normWeight,
      this.#weights.normBias,
      this.config.layerNormEps,
    );
  }

  /** Pixels [B, 3, H, W] to `last_hidden_state` [B, T, C]. */
  forward(pixels: Tensor, lora?: Dinov2Lora): Tensor {
    return this.#context.scope(() =>
      this.norm(this.layers(this.embed(pixels), 0, this.config.numHiddenLayers, lora)),
    );
  }

  /** Release the cached position tables (the weights belong to their loader). */
  release(): void {
    for (const table of this.#positions.values()) table.release();
    this.#positions.clear();
  }

  #layer(x: Tensor, index: number, lora: Dinov2Lora | undefined): Tensor {
    const context = this.#context;
    const { layerNormEps, numAttentionHeads } = this.config;
    const weights = this.#weights.layers[index]!;
    const project = (site: LoraSite, input: Tensor, weight: Tensor, bias: Tensor | undefined): Tensor => {
      const update = lora?.at(index, site);
      if (!update) return linear(context, input, weight, bias);
      const dropout = lora!.dropoutAt(index, site, input.shape[1]!);
      return loraLinear(context, { x: input, weight, bias, lora: update, dropout });
    };
    const attended = context.scope(() => {
      const normed = layerNorm(context, x, weights.norm1Weight, weights.norm1Bias, layerNormEps);
      const qkv = project('qkv', normed, weights.qkvWeight, weights.qkvBias);
      const heads = attentionFused(context, qkv, { heads: numAttentionHeads });
      const output = project('output', heads, weights.outputWeight, weights.outputBias);
      return addScaled(context, x, output, weights.scale1);
    });
    return context.scope(() => {
      const normed = layerNorm(context, attended, weights.norm2Weight, weights.norm2Bias, layerNormEps);
      const hidden = gelu(context, project('fc1', normed, weights.fc1Weight, weights.fc1Bias));
      const output = project('fc2', hidden, weights.fc2Weight, weights.fc2Bias);
      return addScaled(context, attended, output, weights.scale2);
    });
  }

  /** Position table for a grid, interpolated once and kept. */
  #positionTable(rows: number, columns: number): Tensor {
    const key = `${rows}x${columns}`;
    let table = this.#positions.get(key);
    if (!table) {
      table = keep(this.#context, () =>
        interpolatePosition(this.#context, this.#weights.positionTable, rows, columns),
      );
      this.#positions.set(key, table);
    }
    return table;
  }
}
