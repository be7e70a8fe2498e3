import { createLoraWeights, type LoraWeights } from '../../nn/loraWeights.ts';
import type { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { UNet2DConfig } from './config.ts';
import { joinModules, type LoraModule, type LoraPair, splitModules } from './loraModules.ts';
import { type LoraSite, type LoraTarget, loraSites } from './loraSites.ts';

/** Shape of a UNet adapter. */
export interface UNet2DLoraOptions {
  rank: number;
  alpha: number;
  targets: readonly LoraTarget[];
}

/** A UNet adapter off the GPU: the pairs by diffusers' module path. */
export interface UNet2DAdapter extends UNet2DLoraOptions {
  modules: Record<string, LoraPair>;
  /** Embedding [hidden] of the subject's token in the text encoder, where it was learned too. */
  token?: Float32Array;
}

/** LoRA weights of a UNet on the GPU, frozen or trainable; owns its tensors. */
export class UNet2DLora {
  readonly options: UNet2DLoraOptions;
  readonly #context: Context;
  readonly #sites: Map<string, LoraSite>;
  readonly #weights = new Map<string, LoraWeights>();
  /** Embedding [1, hidden] of the subject's token, where it is learned too. */
  token: Tensor | undefined;

  private constructor(context: Context, config: UNet2DConfig, options: UNet2DLoraOptions) {
    this.#context = context;
    this.options = options;
    this.#sites = new Map(loraSites(config, options.targets).map((site) => [site.path, site]));
  }

  /**
   * Fresh trainable weights: A Kaiming-uniform, B zero (as peft starts them), so the generator starts out unchanged.
   * @throws Error when convolutions are to be adapted with a rank that is no multiple of four
   */
  static create(
    context: Context,
    config: UNet2DConfig,
    options: UNet2DLoraOptions,
    random: Philox,
  ): UNet2DLora {
    const lora = new UNet2DLora(context, config, checked(options));
    for (const { path, inFeatures, outFeatures, taps, parts } of lora.#sites.values()) {
      const sizes = {
        inFeatures: inFeatures * taps,
        outFeatures: outFeatures * parts,
        rank: options.rank,
        groups: parts,
      };
      const scale = options.alpha / options.rank;
      let made: LoraWeights | undefined;
      const a = keep(context, () => {
        made = createLoraWeights(context, sizes, scale, random);
        made.b.retain();
        return made.a;
      });
      lora.#weights.set(path, { a, b: made!.b, scale });
    }
    return lora;
  }

  /**
   * Put an adapter on the GPU. Modules it lacks start as no change.
   * @throws Error naming a module that does not fit this UNet
   */
  static fromAdapter(
    context: Context,
    config: UNet2DConfig,
    adapter: UNet2DAdapter,
    trainable = false,
  ): UNet2DLora {
    const { rank, alpha, targets } = adapter;
    const lora = new UNet2DLora(context, config, checked({ rank, alpha, targets }));
    for (const [path, { a, b }] of joinModules([...lora.#sites.values()], adapter.modules, rank)) {
      const upload = (values: Float32Array, rows: number): Tensor => {
        const tensor = keep(context, () =>
          context.fromArray(values, [rows, values.length / rows], `LoRA of ${path}`),
        );
        tensor.requiresGrad = trainable;
        return tensor;
      };
      const { parts, outFeatures } = lora.#sites.get(path)!;
      lora.#weights.set(path, {
        a: upload(a, parts * rank),
        b: upload(b, parts * outFeatures),
        scale: alpha / rank,
      });
    }
    if (adapter.token) lora.addToken(adapter.token, trainable);
    return lora;
  }

  /** Have an embedding [hidden] for the subject's token. */
  addToken(embedding: Float32Array, trainable: boolean): void {
    this.token?.release();
    this.token = keep(this.#context, () =>
      this.#context.fromArray(embedding, [1, embedding.length], 'embedding of the subject'),
    );
    this.token.requiresGrad = trainable;
  }

  /** Weights at a module of the model (self-attention's query, key and value as one), or undefined. */
  at(path: string): LoraWeights | undefined {
    return this.#weights.get(path);
  }

  /** Trainable tensors by name. */
  parameters(): Record<string, Tensor> {
    const named: Record<string, Tensor> = {};
    for (const [path, { a, b }] of this.#weights) {
      named[`${path}.A`] = a;
      named[`${path}.B`] = b;
    }
    return named;
  }

  /** Number of trainable numbers. */
  get size(): number {
    return Object.values(this.parameters()).reduce((sum, tensor) => sum + tensor.size, 0);
  }

  /** Read the weights back, module by module. */
  async toAdapter(): Promise<UNet2DAdapter> {
    const modules = await this.#read((weights) => weights);
    const token = this.token && (await this.#context.read(this.token));
    return { ...this.options, modules, ...(token ? { token } : {}) };
  }

  /**
   * Overwrite the weights with an adapter's of the same shape.
   * @throws Error naming a module that does not fit
   */
  write({ modules, token }: UNet2DAdapter): void {
    if (token && this.token) this.#context.write(this.token, token);
    for (const [path, { a, b }] of joinModules([...this.#sites.values()], modules, this.options.rank)) {
      const weights = this.#weights.get(path)!;
      this.#context.write(weights.a, a);
      this.#context.write(weights.b, b);
    }
  }

  /** Read the gradients back in the adapter's form. */
  async gradients(): Promise<Record<string, LoraPair>> {
    return this.#read(({ a, b }) => ({ a: a.grad!, b: b.grad! }));
  }

  /** Free the GPU memory. */
  release(): void {
    const token = this.token ? [this.token] : [];
    for (const tensor of [...Object.values(this.parameters()), ...token]) {
      tensor.grad?.release();
      tensor.grad = undefined;
      tensor.release();
    }
    this.#weights.clear();
    this.token = undefined;
  }

  async #read(of: (weights: LoraWeights) => { a: Tensor; b: Tensor }): Promise<Record<string, LoraPair>> {
    const read = new Map<string, LoraModule>();
    for (const [path, weights] of this.#weights) {
      const { a, b } = of(weights);
      read.set(path, { a: await this.#context.read(a), b: await this.#context.read(b) });
    }
    return splitModules([...this.#sites.values()], read, this.options.rank);
  }
}

function checked(options: UNet2DLoraOptions): UNet2DLoraOptions {
  if (options.targets.includes('convolutions') && options.rank % 4) {
    throw new Error(`LoRA on convolutions needs a rank that is a multiple of four; it is ${options.rank}`);
  }
  return options;
}
