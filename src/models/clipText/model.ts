import { linear } from '../../nn/linear.ts';
import type { Context } from '../../tensor/context.ts';
import { attentionFused } from '../../tensor/ops/attention/attention.ts';
import { gelu } from '../../tensor/ops/gelu.ts';
import { layerNorm } from '../../tensor/ops/layerNorm.ts';
import { matmul } from '../../tensor/ops/matmul/matmul.ts';
import { scale } from '../../tensor/ops/scale.ts';
import { silu } from '../../tensor/ops/silu.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ClipTextConfig } from './config.ts';
import type { ClipTextLayer, ClipTextWeights } from './weights.ts';

/** The token that a learned embedding stands for. */
export interface LearnedToken {
  id: number;
  /** [1, hidden] */
  row: Tensor;
}

/** x·σ(1.702x), OpenAI's approximation of GELU. */
const QUICK = 1.702;

/**
 * CLIP's text encoder (Radford et al., arXiv 2103.00020) on our engine, so that a token's embedding can be learned through it:
 * pre-norm blocks with causal attention. All weights are frozen.
 */
export class ClipText {
  readonly config: ClipTextConfig;
  readonly #context: Context;
  readonly #weights: ClipTextWeights;

  constructor(context: Context, config: ClipTextConfig, weights: ClipTextWeights) {
    this.#context = context;
    this.config = config;
    this.#weights = weights;
  }

  /** A token's embedding as the checkpoint has it [hidden]. */
  embedding(id: number): Float32Array {
    const { hidden } = this.config;
    return this.#weights.tokens.slice(id * hidden, (id + 1) * hidden);
  }

  /**
   * Last hidden states after the final norm.
   * @param ids prompts of one length, at most `positions`
   * @param learned whose row stands for its id, with a gradient if it asks for one
   * @returns [N, T, hidden]
   * @throws RangeError when an id is not in the table
   */
  forward(ids: readonly (readonly number[])[], learned?: LearnedToken): Tensor {
    const context = this.#context;
    return context.scope(() => {
      let x = this.#embed(ids, learned);
      for (const layer of this.#weights.layers) x = this.#layer(layer, x);
      const [gamma, beta] = this.#weights.norm;
      return layerNorm(context, x, gamma, beta, this.config.layerNormEps);
    });
  }

  #embed(ids: readonly (readonly number[])[], learned: LearnedToken | undefined): Tensor {
    const context = this.#context;
    const { hidden, vocabulary, positions: most } = this.config;
    const { tokens, positions } = this.#weights;
    const length = ids[0]!.length;
    if (length > most) throw new RangeError(`a prompt of ${length} tokens; the text encoder takes ${most}`);
    const values = new Float32Array(ids.length * length * hidden);
    const marks = new Float32Array(ids.length * length);
    for (const [n, prompt] of ids.entries()) {
      for (const [t, id] of prompt.entries()) {
        const at = n * length + t;
        const place = positions.subarray(t * hidden, (t + 1) * hidden);
        values.set(place, at * hidden);
        if (id === learned?.id) {
          marks[at] = 1;
          continue;
        }
        if (id >= vocabulary) throw new RangeError(`token ${id} is not in a table of ${vocabulary}`);
        for (let c = 0; c < hidden; c++) values[at * hidden + c]! += tokens[id * hidden + c]!;
      }
    }
    const shape = [ids.length, length, hidden];
    if (!learned) return context.fromArray(values, shape, 'embedded prompts');
    const others = context.fromArray(values, [ids.length * length, hidden], 'embedded prompts');
    const where = context.fromArray(marks, [ids.length * length, 1], 'places of the learned token');
    return context.reshape(matmul(context, where, learned.row, { addend: others }), shape);
  }

  #layer({ norm1, qkv, out, norm2, fc1, fc2 }: ClipTextLayer, x: Tensor): Tensor {
    const context = this.#context;
    const { heads, activation, layerNormEps } = this.config;
    return context.scope(() => {
      const normed = layerNorm(context, x, ...norm1, layerNormEps);
      const attended = attentionFused(context, linear(context, normed, ...qkv), { heads, causal: true });
      const middle = linear(context, attended, ...out, x);
      const inside = linear(context, layerNorm(context, middle, ...norm2, layerNormEps), ...fc1);
      const active =
        activation === 'gelu'
          ? gelu(context, inside)
          : scale(context, silu(context, scale(context, inside, QUICK)), 1 / QUICK);
      return linear(context, active, ...fc2, middle);
    });
  }
}
