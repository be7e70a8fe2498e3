import type { VitConfig } from '../vit/config.ts';
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

/** A module's place, and the path of the encoder that it is in: empty, or with a dot at its end. */
export interface FoundModule extends ModulePlace {
  encoder: string;
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

/** Parts of a path that say how a model was wrapped and not where in it a module is. */
const WRAPPERS = new Set([
  ...['base_model', 'base_layer', 'model', 'module', 'dinov2'],
  ...['_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module'],
]);

/** What lies directly in an encoder: in Hugging Face's `Dinov2Model`, in the torch-hub model. */
const PARTS = new Set([
  ...['embeddings', 'encoder', 'layer', 'layernorm'],
  ...['patch_embed', 'cls_token', 'pos_embed', 'register_tokens', 'mask_token', 'blocks', 'norm'],
]);

/** A path without the parts that wrappers of the model have put into it. */
export function unwrappedPath(path: string): string {
  return path
    .split('.')
    .filter((part) => !WRAPPERS.has(part))
    .join('.');
}

/**
 * Reads a module path of Hugging Face's `Dinov2Model` (old names or new) or of the torch-hub model, wherever in a larger
 * model the encoder is; undefined for any other.
 * @param path see `unwrappedPath`
 */
export function parseModulePath(path: string): FoundModule | undefined {
  const [, before, root, layer, name] = /^(.*?\.)??(encoder\.layer|layer)\.(\d+)\.(.+)$/.exec(path) ?? [];
  if (layer !== undefined) {
    // Where the encoder's layers alone were wrapped, the newer names are also those of other models.
    const names = (target: LoraTarget) =>
      root === 'layer' ? MODULE_NAMES[target].slice(0, 1) : MODULE_NAMES[target];
    const target = LORA_TARGETS.find((candidate) => names(candidate).includes(name!));
    return target && { layer: Number(layer), target, encoder: before ?? '' };
  }
  // A torch-hub model may keep its blocks in chunks; their numbers count through.
  const [, root2, block, hubName] = /^(.*\.)?blocks\.(?:\d+\.)?(\d+)\.(.+)$/.exec(path) ?? [];
  if (block === undefined || !Object.hasOwn(TORCH_HUB_NAMES, hubName!)) return undefined;
  return { layer: Number(block), target: TORCH_HUB_NAMES[hubName!]!, encoder: root2 ?? '' };
}

/** Whether a path leads into an encoder, to a module that can be adapted or to any other part of it. */
export function isInEncoder(path: string, encoder: string): boolean {
  return path.startsWith(encoder) && PARTS.has(path.slice(encoder.length).split('.')[0]!);
}

/**
 * A module's path under every name that its class may give it, for the patterns of `adapter_config.json`.
 * @param encoder path of the encoder, see `FoundModule`
 */
export function moduleNames({ layer, target, encoder }: FoundModule): string[] {
  if (target === 'qkv') return [`${encoder}blocks.${layer}.attn.qkv`];
  return MODULE_NAMES[target].map((name) => `${encoder}encoder.layer.${layer}.${name}`);
}

/** Whether a target is one of those that a fused layer holds, or that layer. */
export function isPartOfQkv(target: string): boolean {
  return target === 'query' || target === 'key' || target === 'value' || target === 'qkv';
}

/** Sizes of a linear layer of an encoder. */
export function moduleFeatures(
  config: Pick<VitConfig, 'width' | 'mlp'>,
  target: LoraTarget | 'qkv',
): { inFeatures: number; outFeatures: number } {
  const width = config.width;
  const hidden = config.mlp.hidden;
  if (target === 'qkv') return { inFeatures: width, outFeatures: 3 * width };
  if (target === 'fc1') return { inFeatures: width, outFeatures: hidden };
  if (target === 'fc2') return { inFeatures: hidden, outFeatures: width };
  return { inFeatures: width, outFeatures: width };
}
