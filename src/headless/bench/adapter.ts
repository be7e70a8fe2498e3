import type { LoraAdapter } from '../../models/peft/types.ts';
import type { VitConfig } from '../../models/vit/config.ts';
import { Philox } from '../../random/philox.ts';
import { SEED } from './encoders.ts';

/** Rank of the adapter that is trained; alpha equals it, so that updates count as they are. */
export const RANK = 16;

/** LoRA weights of one layer as fused engines want them: A [r, C] shared by query, key and value; B [3C, r]. */
export interface HostLora {
  a: Float32Array<ArrayBuffer>;
  b: Float32Array<ArrayBuffer>;
}

/** Random LoRA weights of all layers; B is not zero, so that the first loss and every gradient depend on both. */
export function randomLora({ width, layers }: VitConfig): HostLora[] {
  const random = new Philox(SEED).split('lora');
  const uniform = (size: number, bound: number) =>
    Float32Array.from({ length: size }, () => random.uniform(-bound, bound));
  return Array.from({ length: layers }, () => ({
    a: uniform(RANK * width, 1 / Math.sqrt(width)),
    b: uniform(3 * width * RANK, 0.05),
  }));
}

/** The same weights as the app's adapter on query, key and value of all layers. */
export function loraAdapter(config: VitConfig, layers: readonly HostLora[]): LoraAdapter {
  const { width } = config;
  const tensors: LoraAdapter['tensors'] = {};
  layers.forEach(({ a, b }, layer) => {
    (['query', 'key', 'value'] as const).forEach((part, i) => {
      tensors[`encoder.layer.${layer}.attention.attention.${part}`] = {
        A: a,
        B: b.slice(i * width * RANK, (i + 1) * width * RANK),
        inFeatures: width,
        outFeatures: width,
      };
    });
  });
  return {
    rank: RANK,
    alpha: RANK,
    dropout: 0,
    targets: ['query', 'key', 'value'],
    layers: layers.map((_, layer) => layer),
    baseModel: 'bench',
    tensors,
    sharedA: true,
  };
}
