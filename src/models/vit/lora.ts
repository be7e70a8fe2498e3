import { createLoraWeights, type LoraWeights } from '../../nn/loraWeights.ts';
import type { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import type { DropoutKey } from '../../tensor/ops/dropout.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { LoraAdapter } from '../peft/types.ts';
import type { VitConfig } from './config.ts';

/** Linear layers of one transformer layer that may carry LoRA. The fused qkv shares one A among its three B. */
export type LoraSite = 'qkv' | 'output' | 'fc1' | 'fc2';

/** Shape of an adapter. */
export interface VitLoraOptions {
  rank: number;
  alpha: number;
  dropout: number;
  sites: readonly LoraSite[];
  /** Indices of the adapted layers. */
  layers: readonly number[];
}

const SITES: readonly LoraSite[] = ['qkv', 'output', 'fc1', 'fc2'];

/** Which random numbers a forward pass drops by: `firstView` is where a micro-batch starts in its batch. */
export interface DropoutDraw {
  seed: number;
  step: number;
  firstView: number;
}

/** HF module path of a site within its layer. */
const MODULES = {
  query: 'attention.attention.query',
  key: 'attention.attention.key',
  value: 'attention.attention.value',
  output: 'attention.output.dense',
  fc1: 'mlp.fc1',
  fc2: 'mlp.fc2',
} as const;

/**
 * LoRA weights of a vision transformer on the backend (method §1.5). Frozen or trainable alike; owns its tensors.
 */
export class VitLora {
  readonly options: VitLoraOptions;
  readonly #context: Context;
  readonly #config: VitConfig;
  readonly #weights = new Map<string, LoraWeights>();
  /** Draw of the dropout; undefined when evaluating. */
  dropoutDraw: DropoutDraw | undefined;

  private constructor(context: Context, config: VitConfig, options: VitLoraOptions) {
    this.#context = context;
    this.#config = config;
    this.options = options;
  }

  /** Fresh trainable weights: A Kaiming-uniform, B zero, so the encoder starts out unchanged. */
  static create(context: Context, config: VitConfig, options: VitLoraOptions, random: Philox): VitLora {
    const lora = new VitLora(context, config, options);
    const scale = options.alpha / options.rank;
    for (const layer of options.layers) {
      for (const site of options.sites) {
        const [inFeatures, outFeatures] = siteSizes(config, site);
        let weights: LoraWeights | undefined;
        const a = keep(context, () => {
          weights = createLoraWeights(
            context,
            { inFeatures, outFeatures, rank: options.rank },
            scale,
            random,
          );
          weights.b.retain();
          return weights.a;
        });
        lora.#weights.set(`${layer}.${site}`, { a, b: weights!.b, scale });
      }
    }
    return lora;
  }

  /**
   * Put an adapter on the GPU.
   * @param trainable whether its weights get gradients
   * @throws when a tensor of the adapter does not fit this encoder
   */
  static fromAdapter(context: Context, config: VitConfig, adapter: LoraAdapter, trainable = false): VitLora {
    const sites: LoraSite[] = [];
    if (adapter.targets.some((target) => target === 'query' || target === 'key' || target === 'value')) {
      sites.push('qkv');
    }
    for (const site of ['output', 'fc1', 'fc2'] as const)
      if (adapter.targets.includes(site)) sites.push(site);
    const lora = new VitLora(context, config, {
      rank: adapter.rank,
      alpha: adapter.alpha,
      dropout: adapter.dropout,
      sites,
      layers: [...adapter.layers],
    });
    const scale = adapter.alpha / adapter.rank;
    for (const layer of adapter.layers) {
      for (const site of sites) {
        const { a, b, groups } =
          site === 'qkv' ? joinQkv(adapter, config, layer) : single(adapter, layer, site);
        const [inFeatures, outFeatures] = siteSizes(config, site);
        const upload = (values: Float32Array, shape: number[]): Tensor => {
          const tensor = keep(context, () =>
            context.fromArray(values, shape, `LoRA of layer ${layer} ${site}`),
          );
          tensor.requiresGrad = trainable;
          return tensor;
        };
        lora.#weights.set(`${layer}.${site}`, {
          a: upload(a, [groups * adapter.rank, inFeatures]),
          b: upload(b, [outFeatures, adapter.rank]),
          scale,
        });
      }
    }
    return lora;
  }

  /** Weights at a site, or undefined where this adapter has none. */
  at(layer: number, site: LoraSite): LoraWeights | undefined {
    return this.#weights.get(`${layer}.${site}`);
  }

  /**
   * Dropout of a site for the current draw, or undefined when evaluating. Every site of every step has its own stream.
   * @param tokens rows a view takes
   */
  dropoutAt(layer: number, site: LoraSite, tokens: number): (DropoutKey & { p: number }) | undefined {
    if (!this.dropoutDraw || this.options.dropout === 0) return undefined;
    const { seed, step, firstView } = this.dropoutDraw;
    const index = layer * SITES.length + SITES.indexOf(site);
    const offset = step * this.#config.layers * SITES.length + index + 1;
    return { p: this.options.dropout, seed, offset, firstRow: firstView * tokens };
  }

  /** The lowest adapted layer: everything below it is frozen. */
  get firstLayer(): number {
    return Math.min(...this.options.layers);
  }

  /** Trainable tensors by name. */
  parameters(): Record<string, Tensor> {
    const named: Record<string, Tensor> = {};
    for (const [name, { a, b }] of this.#weights) {
      named[`${name}.A`] = a;
      named[`${name}.B`] = b;
    }
    return named;
  }

  /** Number of trainable numbers; 589,824 for ViT-B with the paper's settings. */
  get size(): number {
    return Object.values(this.parameters()).reduce((sum, tensor) => sum + tensor.size, 0);
  }

  /** Read the weights back in the split form PEFT knows. */
  async toAdapter(baseModel: string): Promise<LoraAdapter> {
    const { rank, alpha, dropout, sites, layers } = this.options;
    const tensors: LoraAdapter['tensors'] = {};
    let sharedA = true;
    for (const layer of layers) {
      for (const site of sites) {
        const { a, b } = this.at(layer, site)!;
        const [A, B] = [await this.#context.read(a), await this.#context.read(b)];
        const [inFeatures, outFeatures] = siteSizes(this.#config, site);
        const path = (module: keyof typeof MODULES) => `encoder.layer.${layer}.${MODULES[module]}`;
        if (site !== 'qkv') {
          tensors[path(site)] = { A, B, inFeatures, outFeatures };
          continue;
        }
        const own = a.shape[0]! > rank;
        if (own) sharedA = false;
        (['query', 'key', 'value'] as const).forEach((part, i) => {
          const size = rank * inFeatures;
          tensors[path(part)] = {
            A: own ? A.slice(i * size, (i + 1) * size) : A.slice(),
            B: B.slice((i * outFeatures * rank) / 3, ((i + 1) * outFeatures * rank) / 3),
            inFeatures,
            outFeatures: outFeatures / 3,
          };
        });
      }
    }
    const targets = sites.flatMap((site) =>
      site === 'qkv' ? (['query', 'key', 'value'] as const) : [site],
    ) as LoraAdapter['targets'];
    return { rank, alpha, dropout, targets, layers: [...layers], baseModel, tensors, sharedA };
  }

  /**
   * Overwrite the weights with an adapter's of the same shape.
   * @throws when a tensor does not fit
   */
  write(adapter: LoraAdapter): void {
    for (const layer of this.options.layers) {
      for (const site of this.options.sites) {
        const { a, b } = this.at(layer, site)!;
        const values = siteValues(adapter, this.#config, layer, site);
        if (values.a.length !== a.size || values.b.length !== b.size) {
          throw new Error(`the adapter's LoRA of layer ${layer} ${site} has another rank or size`);
        }
        this.#context.write(a, values.a);
        this.#context.write(b, values.b);
      }
    }
  }

  /** Free the GPU memory. */
  release(): void {
    for (const tensor of Object.values(this.parameters())) {
      tensor.grad?.release();
      tensor.grad = undefined;
      tensor.release();
    }
    this.#weights.clear();
  }
}

/** Numbers of an adapter's weights. */
export function loraSize(
  config: VitConfig,
  { rank, sites, layers }: Omit<VitLoraOptions, 'alpha' | 'dropout'>,
) {
  const each = sites
    .map((site) => siteSizes(config, site))
    .map(([inside, outside]) => rank * (inside + outside));
  return layers.length * each.reduce((a, b) => a + b, 0);
}

function siteSizes(config: VitConfig, site: LoraSite): [inFeatures: number, outFeatures: number] {
  const width = config.width;
  const hidden = config.mlp.hidden;
  const sizes: Record<LoraSite, [number, number]> = {
    qkv: [width, 3 * width],
    output: [width, width],
    fc1: [width, hidden],
    fc2: [hidden, width],
  };
  return sizes[site];
}

function siteValues(adapter: LoraAdapter, config: VitConfig, layer: number, site: LoraSite) {
  return site === 'qkv' ? joinQkv(adapter, config, layer) : single(adapter, layer, site);
}

function single(adapter: LoraAdapter, layer: number, site: 'output' | 'fc1' | 'fc2') {
  const pair = adapter.tensors[`encoder.layer.${layer}.${MODULES[site]}`];
  if (!pair) throw new Error(`the adapter has no LoRA for layer ${layer}, ${site}`);
  return { a: pair.A, b: pair.B, groups: 1 };
}

/** Join the split q/k/v form into one A (when all three are equal) or three, and the three B below each other. */
function joinQkv(adapter: LoraAdapter, config: VitConfig, layer: number) {
  const width = config.width;
  const { rank } = adapter;
  const pairs = (['query', 'key', 'value'] as const).map(
    (part) => adapter.tensors[`encoder.layer.${layer}.${MODULES[part]}`],
  );
  const firstA = pairs.find((pair) => pair)?.A;
  if (!firstA) throw new Error(`the adapter has no LoRA for layer ${layer}, query, key or value`);
  const b = new Float32Array(3 * width * rank);
  pairs.forEach((pair, i) => {
    if (pair) b.set(pair.B, i * width * rank);
  });
  const shared = pairs.every((pair) => !pair || pair.A.every((value, i) => value === firstA[i]));
  if (shared) return { a: firstA, b, groups: 1 };
  const a = new Float32Array(3 * rank * width);
  pairs.forEach((pair, i) => {
    if (pair) a.set(pair.A, i * rank * width);
  });
  return { a, b, groups: 3 };
}
