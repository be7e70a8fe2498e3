import type { Context } from '../../tensor/context.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Dinov2Config } from '../weights/dinov2Config.ts';

/** One transformer layer's frozen weights on the GPU. Query, key and value are fused: [3C, C] and [3C]. */
export interface Dinov2LayerWeights {
  norm1Weight: Tensor;
  norm1Bias: Tensor;
  qkvWeight: Tensor;
  qkvBias: Tensor | undefined;
  outputWeight: Tensor;
  outputBias: Tensor;
  scale1: Tensor;
  norm2Weight: Tensor;
  norm2Bias: Tensor;
  fc1Weight: Tensor;
  fc1Bias: Tensor;
  fc2Weight: Tensor;
  fc2Bias: Tensor;
  scale2: Tensor;
}

/** All frozen weights of a `Dinov2Model`. */
export interface Dinov2Weights {
  /** [C] */
  classToken: Tensor;
  /** [1 + g·g, C] */
  positionTable: Tensor;
  /** [C, 3, p, p] and [C] */
  patchWeight: Tensor;
  patchBias: Tensor;
  layers: Dinov2LayerWeights[];
  normWeight: Tensor;
  normBias: Tensor;
}

/**
 * Takes tensors one by one, as they stream in, and puts each in its place on the GPU, so that a checkpoint is never held
 * whole in memory. Names are those of Hugging Face's `Dinov2Model`.
 */
export class Dinov2WeightLoader {
  readonly #context: Context;
  readonly #config: Dinov2Config;
  readonly #byName = new Map<string, Tensor>();
  readonly #all: Tensor[] = [];

  constructor(context: Context, config: Dinov2Config) {
    this.#context = context;
    this.#config = config;
  }

  /** Upload one tensor. Names that the model does not use (the mask token) are passed over. */
  add(name: string, shape: readonly number[], values: Float32Array): void {
    const width = this.#config.hiddenSize;
    const fused = /^(encoder\.layer\.\d+\.attention\.attention\.)(query|key|value)\.(weight|bias)$/.exec(
      name,
    );
    if (!fused) {
      if (name === 'embeddings.mask_token') return;
      const flat = name.startsWith('embeddings.') && !name.includes('patch') ? shape.slice(-2) : shape;
      this.#byName.set(name, this.#upload(values, name === 'embeddings.cls_token' ? [width] : flat, name));
      return;
    }
    const [, prefix, part, kind] = fused;
    const fusedName = `${prefix}qkv.${kind}`;
    let target = this.#byName.get(fusedName);
    if (!target) {
      target = this.#context.empty(kind === 'weight' ? [3 * width, width] : [3 * width], fusedName);
      this.#all.push(target);
      this.#byName.set(fusedName, target);
    }
    const offset = ['query', 'key', 'value'].indexOf(part!) * values.byteLength;
    this.#context.backend.upload(target.buffer, values as Float32Array<ArrayBuffer>, offset);
  }

  /**
   * All weights in their places.
   * @throws when a tensor never came; names it.
   */
  finish(): Dinov2Weights {
    const take = (name: string): Tensor => {
      const tensor = this.#byName.get(name);
      if (!tensor) throw new Error(`the checkpoint has no tensor ${name}`);
      return tensor;
    };
    return {
      classToken: take('embeddings.cls_token'),
      positionTable: take('embeddings.position_embeddings'),
      patchWeight: take('embeddings.patch_embeddings.projection.weight'),
      patchBias: take('embeddings.patch_embeddings.projection.bias'),
      layers: Array.from({ length: this.#config.numHiddenLayers }, (_, i) => {
        const at = `encoder.layer.${i}.`;
        return {
          norm1Weight: take(`${at}norm1.weight`),
          norm1Bias: take(`${at}norm1.bias`),
          qkvWeight: take(`${at}attention.attention.qkv.weight`),
          qkvBias: this.#byName.get(`${at}attention.attention.qkv.bias`),
          outputWeight: take(`${at}attention.output.dense.weight`),
          outputBias: take(`${at}attention.output.dense.bias`),
          scale1: take(`${at}layer_scale1.lambda1`),
          norm2Weight: take(`${at}norm2.weight`),
          norm2Bias: take(`${at}norm2.bias`),
          fc1Weight: take(`${at}mlp.fc1.weight`),
          fc1Bias: take(`${at}mlp.fc1.bias`),
          fc2Weight: take(`${at}mlp.fc2.weight`),
          fc2Bias: take(`${at}mlp.fc2.bias`),
          scale2: take(`${at}layer_scale2.lambda1`),
        };
      }),
      normWeight: take('layernorm.weight'),
      normBias: take('layernorm.bias'),
    };
  }

  /** Release everything uploaded so far (a load that failed or was cancelled, or an encoder that is replaced). */
  release(): void {
    for (const tensor of this.#all.splice(0)) tensor.release();
    this.#byName.clear();
  }

  #upload(values: Float32Array, shape: readonly number[], name: string): Tensor {
    const tensor = this.#context.fromArray(values, shape, name);
    this.#all.push(tensor);
    return tensor;
  }
}
