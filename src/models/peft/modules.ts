import type { Dinov2Config } from '../weights/dinov2Config.ts';
import type { LoraTarget } from './types.ts';

/** All targets, in the order they are listed in files. */
export const LORA_TARGETS: readonly LoraTarget[] = ['query', 'key', 'value', 'output', 'fc1', 'fc2'];

/**
 * Names of the targets within a layer. The first is what checkpoints and adapters use in their files; the second is
 * that of the module in transformers 5.18 and later, which translates the names of weights as it reads a file but takes
 * the names of modules in `adapter_config.json` as they are.
 */
const MODULE_NAMES: Record<LoraTarget, readonly [inFiles: string, ...others: string[]]> = {
  query: ['attention.attention.query', 'attention.q_proj'],
  key: ['attention.attention.key', 'attention.k_proj'],
  value: ['attention.attention.value', 'attention.v_proj'],
  output: ['attention.output.dense', 'attention.o_proj'],
  fc1: ['mlp.fc1'],
  fc2: ['mlp.fc2'],
};

/** Names within a block of the torch-hub model, whose query, key and value are one layer. */
const TORCH_HUB_NAMES: Record<string, LoraTarget | 'qkv'> = {
  'attn.qkv': 'qkv',
  'attn.proj': 'output',
  'mlp.fc1': 'fc1',
  'mlp.fc2': 'fc2',
};

/** Where in an encoder a module is; `qkv` is query, key and value below each other. */
export interface ModulePlace {
  layer: number;
  target: LoraTarget | 'qkv';
}

/** Path of a linear layer in Hugging Face's `Dinov2Model`. */
export function modulePath(layer: number, target: LoraTarget): string {
  return `encoder.layer.${layer}.${MODULE_NAMES[target][0]}`;
}

/** The endings by which PEFT finds the modules of these targets, under every name they have had. */
export function targetModuleNames(targets: readonly LoraTarget[]): string[] {
  return LORA_TARGETS.filter((target) => targets.includes(target)).flatMap((target) => [
    ...MODULE_NAMES[target],
  ]);
}

/**
 * Reads a module path of Hugging Face's `Dinov2Model` (bare or inside a model with a head, old names or new) or of the
 * torch-hub model; undefined for any other.
 */
export function parseModulePath(path: string): ModulePlace | undefined {
  const [, layer, name] = /^(?:dinov2\.)?encoder\.layer\.(\d+)\.(.+)$/.exec(path) ?? [];
  if (layer !== undefined) {
    const target = LORA_TARGETS.find((candidate) => MODULE_NAMES[candidate].includes(name!));
    return target && { layer: Number(layer), target };
  }
  const [, block, hubName] = /^blocks\.(\d+)\.(.+)$/.exec(path) ?? [];
  if (block === undefined || !Object.hasOwn(TORCH_HUB_NAMES, hubName!)) return undefined;
  return { layer: Number(block), target: TORCH_HUB_NAMES[hubName!]! };
}

/** Sizes of a linear layer of an encoder. */
export function moduleFeatures(
  config: Pick<Dinov2Config, 'hiddenSize' | 'mlpRatio'>,
  target: LoraTarget | 'qkv',
): { inFeatures: number; outFeatures: number } {
  const width = config.hiddenSize;
  const hidden = width * config.mlpRatio;
  if (target === 'qkv') return { inFeatures: width, outFeatures: 3 * width };
  if (target === 'fc1') return { inFeatures: width, outFeatures: hidden };
  if (target === 'fc2') return { inFeatures: hidden, outFeatures: width };
  return { inFeatures: width, outFeatures: width };
}
