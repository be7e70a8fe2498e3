import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ClipTextConfig } from './config.ts';

/** A checkpoint of a text encoder that lacks a tensor, or has it in another shape. */
export class ClipTextTensorError extends Error {
  override readonly name = 'ClipTextTensorError';
}

/** Weights of one layer, self-attention's query, key and value as one. */
export interface ClipTextLayer {
  norm1: [Tensor, Tensor];
  qkv: [Tensor, Tensor];
  out: [Tensor, Tensor];
  norm2: [Tensor, Tensor];
  fc1: [Tensor, Tensor];
  fc2: [Tensor, Tensor];
}

/** Frozen weights: the tables stay off the GPU, since a prompt reads a few of their rows. */
export interface ClipTextWeights {
  /** [vocabulary, hidden] */
  tokens: Float32Array;
  /** [positions, hidden] */
  positions: Float32Array;
  layers: ClipTextLayer[];
  norm: [Tensor, Tensor];
}

/** Takes a checkpoint's tensors by name, as transformers stores them; what other names have is passed over. */
export class ClipTextWeightLoader {
  readonly #context: Context;
  readonly #config: ClipTextConfig;
  readonly #given = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  readonly #uploaded: Tensor[] = [];

  constructor(context: Context, config: ClipTextConfig) {
    this.#context = context;
    this.#config = config;
  }

  add(name: string, shape: readonly number[], values: Float32Array): void {
    // transformers has the prefix in some versions and not in others.
    this.#given.set(name.replace(/^text_model\./, ''), { shape, values });
  }

  /**
   * All weights on the GPU.
   * @throws ClipTextTensorError
   */
  finish(): ClipTextWeights {
    const { hidden, intermediate, layers, positions, vocabulary } = this.#config;
    const path = (layer: number, rest: string) => `encoder.layers.${layer}.${rest}`;
    const pair = (name: string, out: number, from?: number): [Tensor, Tensor] => {
      const shape = from === undefined ? [out] : [out, from];
      return [
        this.#upload(this.#take(`${name}.weight`, shape), shape, name),
        this.#upload(this.#take(`${name}.bias`, [out]), [out], name),
      ];
    };
    const fused = (layer: number): [Tensor, Tensor] => {
      const parts = ['q_proj', 'k_proj', 'v_proj'].map((part) => path(layer, `self_attn.${part}`));
      const weights = parts.map((part) => this.#take(`${part}.weight`, [hidden, hidden]));
      const biases = parts.map((part) => this.#take(`${part}.bias`, [hidden]));
      return [
        this.#upload(joined(weights), [3 * hidden, hidden], parts[0]!),
        this.#upload(joined(biases), [3 * hidden], parts[0]!),
      ];
    };
    const made = Array.from({ length: layers }, (_, i) => ({
      norm1: pair(path(i, 'layer_norm1'), hidden),
      qkv: fused(i),
      out: pair(path(i, 'self_attn.out_proj'), hidden, hidden),
      norm2: pair(path(i, 'layer_norm2'), hidden),
      fc1: pair(path(i, 'mlp.fc1'), intermediate, hidden),
      fc2: pair(path(i, 'mlp.fc2'), hidden, intermediate),
    }));
    const weights = {
      tokens: this.#take('embeddings.token_embedding.weight', [vocabulary, hidden]),
      positions: this.#take('embeddings.position_embedding.weight', [positions, hidden]),
      layers: made,
      norm: pair('final_layer_norm', hidden),
    };
    this.#given.clear();
    return weights;
  }

  /** Release everything uploaded. */
  release(): void {
    for (const tensor of this.#uploaded) tensor.release();
    this.#uploaded.length = 0;
  }

  #take(name: string, shape: readonly number[]): Float32Array {
    const found = this.#given.get(name);
    if (!found) throw new ClipTextTensorError(`text_encoder: tensor "${name}" is missing`);
    if (`${found.shape}` !== `${shape}`) {
      throw new ClipTextTensorError(
        `text_encoder: tensor "${name}" is [${found.shape}]; config.json asks for [${shape}]`,
      );
    }
    return found.values;
  }

  #upload(values: Float32Array, shape: readonly number[], name: string): Tensor {
    const tensor = keep(this.#context, () => this.#context.fromArray(values, shape, name));
    this.#uploaded.push(tensor);
    return tensor;
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
