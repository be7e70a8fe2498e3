import { linear } from '../../nn/linear.ts';
import { loraLinear } from '../../nn/lora.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import { attentionFused } from '../../tensor/ops/attention/attention.ts';
import { concatRows } from '../../tensor/ops/concat.ts';
import { prependTokens } from '../../tensor/ops/concatTokens.ts';
import { gelu } from '../../tensor/ops/gelu.ts';
import { interpolatePosition } from '../../tensor/ops/interpolatePosition.ts';
import { layerNorm } from '../../tensor/ops/layerNorm.ts';
import { addScaled } from '../../tensor/ops/layerScale.ts';
import { patchEmbed } from '../../tensor/ops/patchEmbed.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Parameters } from '../weights/loadParameters.ts';
import type { VitConfig } from './config.ts';
import type { LoraSite, VitLora } from './lora.ts';

/**
 * A vision transformer, driven by its config; so far of the plain DINOv2 form (arXiv 2304.07193), as Hugging Face's `Dinov2Model`
 * computes it. Parameters are frozen; adapters are passed to each call, so pretrained and personalized share them.
 */
export class Vit {
  readonly config: VitConfig;
  readonly #context: Context;
  readonly #parameters: Parameters;
  readonly #positions = new Map<string, Tensor>();
  #prefix: Tensor | undefined;

  /** @param parameters of `parametersOf(config)`; they stay their loader's */
  constructor(context: Context, config: VitConfig, parameters: Parameters) {
    this.#context = context;
    this.config = config;
    this.#parameters = parameters;
  }

  /**
   * Class token, registers, patches and positions: the input of the first layer.
   * @param pixels [B, 3, H, W], normalized; H and W in multiples of the patch size
   * @returns [B, T, C]; T is `tokensOf`
   */
  embed(pixels: Tensor): Tensor {
    const context = this.#context;
    const [, , height, width] = pixels.shape as [number, number, number, number];
    const { patch } = this.config;
    return context.scope(() => {
      const at = (role: string) => this.#parameters.get(role);
      const patches = patchEmbed(context, pixels, at('patch.weight'), at('patch.bias'));
      const positions = this.#positionTable(Math.floor(height / patch), Math.floor(width / patch));
      return prependTokens(context, this.#prefixTokens(), patches, positions);
    });
  }

  /**
   * Layers `from` to `to` (exclusive) on tokens x [B, T, C].
   * @param lora adapter to apply, or none for the pretrained encoder
   */
  layers(x: Tensor, from: number, to: number, lora?: VitLora): Tensor {
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
    const at = (kind: string) => this.#parameters.get(`finalNorm.${kind}`);
    return layerNorm(this.#context, x, at('weight'), at('bias'), this.config.eps);
  }

  /** Pixels [B, 3, H, W] to `last_hidden_state` [B, T, C]. */
  forward(pixels: Tensor, lora?: VitLora): Tensor {
    return this.#context.scope(() => this.norm(this.layers(this.embed(pixels), 0, this.config.layers, lora)));
  }

  /** Release the kept prefix and position tables (the parameters belong to their loader). */
  release(): void {
    this.#prefix?.release();
    this.#prefix = undefined;
    for (const table of this.#positions.values()) table.release();
    this.#positions.clear();
  }

  #layer(x: Tensor, index: number, lora: VitLora | undefined): Tensor {
    const context = this.#context;
    const { eps, heads } = this.config;
    const at = (role: string) => this.#parameters.get(`layer.${index}.${role}`);
    const norm = (role: string, input: Tensor): Tensor =>
      layerNorm(context, input, at(`${role}.weight`), at(`${role}.bias`), eps);
    const project = (site: LoraSite, x: Tensor): Tensor => {
      const weight = at(`${site}.weight`);
      const bias = this.#parameters.maybe(`layer.${index}.${site}.bias`);
      const update = lora?.at(index, site);
      if (!update) return linear(context, x, weight, bias);
      const dropout = lora!.dropoutAt(index, site, x.shape[1]!);
      return loraLinear(context, { x, weight, bias, lora: update, dropout });
    };
    const attended = context.scope(() => {
      const qkv = project('qkv', norm('norm1', x));
      const output = project('output', attentionFused(context, qkv, { heads }));
      return addScaled(context, x, output, at('scale1'));
    });
    return context.scope(() => {
      const hidden = gelu(context, project('fc1', norm('norm2', attended)));
      return addScaled(context, attended, project('fc2', hidden), at('scale2'));
    });
  }

  /** Class token and registers [1 + R, C]. */
  #prefixTokens(): Tensor {
    const [classToken, registers] = [this.#parameters.get('classToken'), this.#parameters.maybe('registers')];
    if (!registers) return classToken;
    this.#prefix ??= keep(this.#context, () =>
      concatRows(this.#context, [this.#context.reshape(classToken, [1, this.config.width]), registers]),
    );
    return this.#prefix;
  }

  /** Position table for a grid, interpolated once and kept. */
  #positionTable(rows: number, columns: number): Tensor {
    const { position, prefix } = this.config;
    const key = `${rows}x${columns}`;
    let table = this.#positions.get(key);
    if (!table) {
      table = keep(this.#context, () =>
        interpolatePosition(this.#context, this.#parameters.get('positions'), rows, columns, {
          antialias: position.kind === 'table' && position.antialias,
          registers: prefix.registers,
        }),
      );
      this.#positions.set(key, table);
    }
    return table;
  }
}
