import type { UNet2DConfig } from './config.ts';
import { layoutUNet2D, resnetsOf, transformersOf } from './layout.ts';

/** Groups of modules that LoRA may adapt. */
export type LoraTarget = 'attention' | 'feedForward' | 'convolutions' | 'projections';

/** All of them, the usual one first. */
export const LORA_TARGETS: readonly LoraTarget[] = [
  'attention',
  'feedForward',
  'convolutions',
  'projections',
];

/** One adapted module of the model. */
export interface LoraSite {
  /** As the model runs it. */
  path: string;
  /** diffusers' modules that it is made of: three for self-attention's fused query, key and value. */
  modules: string[];
  inFeatures: number;
  /** Of one of its modules. */
  outFeatures: number;
  /** 9 for a 3×3 convolution, 1 for a linear layer. */
  taps: number;
  /** How many modules are fused. */
  parts: number;
  /** Whether it is a 1×1 convolution: a linear layer here, but files have its matrices with two more sizes of 1. */
  pointwise: boolean;
}

/** The modules to adapt, in the model's order. */
export function loraSites(config: UNet2DConfig, targets: readonly LoraTarget[]): LoraSite[] {
  const layout = layoutUNet2D(config);
  const sites: LoraSite[] = [];
  const linear = (path: string, inFeatures: number, outFeatures: number, pointwise = false) =>
    sites.push({ path, modules: [path], inFeatures, outFeatures, taps: 1, parts: 1, pointwise });
  for (const { path, channels, layers } of transformersOf(layout)) {
    if (targets.includes('projections')) {
      for (const name of ['proj_in', 'proj_out'])
        linear(`${path}.${name}`, channels, channels, !config.useLinearProjection);
    }
    for (let i = 0; i < layers; i++) {
      const block = `${path}.transformer_blocks.${i}`;
      if (targets.includes('attention')) {
        sites.push({
          path: `${block}.attn1.to_qkv`,
          modules: ['q', 'k', 'v'].map((part) => `${block}.attn1.to_${part}`),
          ...{ inFeatures: channels, outFeatures: channels, taps: 1, parts: 3, pointwise: false },
        });
        linear(`${block}.attn1.to_out.0`, channels, channels);
        linear(`${block}.attn2.to_q`, channels, channels);
        linear(`${block}.attn2.to_k`, config.crossAttentionDim, channels);
        linear(`${block}.attn2.to_v`, config.crossAttentionDim, channels);
        linear(`${block}.attn2.to_out.0`, channels, channels);
      }
      if (targets.includes('feedForward')) {
        linear(`${block}.ff.net.0.proj`, channels, 8 * channels);
        linear(`${block}.ff.net.2`, 4 * channels, channels);
      }
    }
  }
  if (targets.includes('convolutions')) {
    for (const { path, inChannels, outChannels } of resnetsOf(layout)) {
      for (const [name, inFeatures] of [
        ['conv1', inChannels],
        ['conv2', outChannels],
      ] as const) {
        const at = `${path}.${name}`;
        const sizes = { inFeatures, outFeatures: outChannels, taps: 9, parts: 1, pointwise: false };
        sites.push({ path: at, modules: [at], ...sizes });
      }
    }
  }
  return sites;
}
