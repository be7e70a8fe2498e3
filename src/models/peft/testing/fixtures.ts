import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VitConfig } from '../../vit/config.ts';
import { readVitConfig } from '../../vit/families/index.ts';
import { parseSafetensors } from '../../weights/safetensors/parse.ts';
import { LORA_TARGETS, moduleFeatures, modulePath } from '../modules.ts';
import type { LoraAdapter, LoraTarget } from '../types.ts';

const GOLDEN = join(import.meta.dirname, '../../../testing/golden/dinov2');

/** Config of the golden model: hidden 64, 2 layers. */
export function goldenConfig(): VitConfig {
  return readVitConfig(JSON.parse(readFileSync(join(GOLDEN, 'model/config.json'), 'utf8')));
}

/** The golden adapter after five steps in PyTorch: rank 4, alpha 0.5, one A for query, key and value of a layer. */
export function goldenAdapter(): LoraAdapter {
  const golden = parseSafetensors(readFileSync(join(GOLDEN, 'lora.safetensors')), 'lora.safetensors');
  const values = (name: string): Float32Array => golden.get(`${name}.after5`)!.values;
  const tensors: LoraAdapter['tensors'] = {};
  for (const layer of [0, 1]) {
    for (const part of ['query', 'key', 'value'] as const) {
      tensors[modulePath(layer, part)] = {
        A: values(`layer.${layer}.lora_A`),
        B: values(`layer.${layer}.${part}.lora_B`),
        inFeatures: 64,
        outFeatures: 64,
      };
    }
  }
  return {
    rank: 4,
    alpha: 0.5,
    dropout: 0.3,
    targets: ['query', 'key', 'value'],
    layers: [0, 1],
    baseModel: 'embedded',
    tensors,
    sharedA: true,
  };
}

/** An adapter of any targets and layers with numbers that are all different, and an A of its own for each module. */
export function countingAdapter(
  config: VitConfig,
  layers: number[],
  targets: readonly LoraTarget[] = LORA_TARGETS,
): LoraAdapter {
  const rank = 3;
  let next = 0;
  const numbers = (count: number) => Float32Array.from({ length: count }, () => next++ / 1024 - 100);
  const tensors: LoraAdapter['tensors'] = {};
  for (const layer of layers) {
    for (const target of targets) {
      const { inFeatures, outFeatures } = moduleFeatures(config, target);
      tensors[modulePath(layer, target)] = {
        A: numbers(rank * inFeatures),
        B: numbers(outFeatures * rank),
        inFeatures,
        outFeatures,
      };
    }
  }
  return {
    rank,
    alpha: 6,
    dropout: 0,
    targets: [...targets],
    layers,
    baseModel: 'facebook/dinov2-small',
    tensors,
    sharedA: false,
  };
}
