import type { Dinov2Config } from '../weights/dinov2Config.ts';
import type { LoraTarget } from './types.ts';

/** All targets, in the order in which the encoder computes them. */
export const LORA_TARGETS: readonly LoraTarget[] = ['query', 'key', 'value', 'output', 'fc1', 'fc2'];

/** Module path of a target within its transformer layer, as in Hugging Face's `Dinov2Model`. */
export const TARGET_MODULES: Readonly<Record<LoraTarget, string>> = {
  query: 'attention.attention.query',
  key: 'attention.attention.key',
  value: 'attention.attention.value',
  output: 'attention.output.dense',
  fc1: 'mlp.fc1',
  fc2: 'mlp.fc2',
};

/** Module path of a target from the model's root. */
export function modulePath(layer: number, target: LoraTarget): string {
  return `encoder.layer.${layer}.${TARGET_MODULES[target]}`;
}

/** Layer and target of a module path; undefined for any other module. */
export function parseModulePath(path: string): { layer: number; target: LoraTarget } | undefined {
  const [, layer, module] = /^encoder\.layer\.(\d+)\.(.+)$/.exec(path) ?? [];
  const target = LORA_TARGETS.find((name) => TARGET_MODULES[name] === module);
  return target && layer !== undefined ? { layer: Number(layer), target } : undefined;
}

/** Widths of a target's input and output. */
export function targetSizes(
  config: Dinov2Config,
  target: LoraTarget,
): { inFeatures: number; outFeatures: number } {
  const width = config.hiddenSize;
  const hidden = width * config.mlpRatio;
  if (target === 'fc1') return { inFeatures: width, outFeatures: hidden };
  if (target === 'fc2') return { inFeatures: hidden, outFeatures: width };
  return { inFeatures: width, outFeatures: width };
}
