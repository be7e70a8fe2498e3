import type { UNet2DConfig } from './config.ts';
import { layoutUNet2D, type ResnetSite, type TransformerSite } from './layout.ts';
import { expectedUNet2DTensors } from './tensors.ts';

/** What a stage does with the UNet. */
export interface UNet2DWork {
  /** Images that are run at once; with guidance twice those that are drawn. */
  images: number;
  /** Side of the latents. */
  side: number;
  /** Whether a LoRA is trained: what backward reads stays until it has run. */
  training: boolean;
}

const BYTES = 4;

/**
 * Tensors of a transformer's width that its backward reads, for each of its blocks: three norms' inputs and outputs (6),
 * query, key and value (3), both attentions' outputs and the second's query (3), and the eight of the gated feed-forward.
 */
const KEPT_BY_BLOCK = 20;
/** While it runs without a tape: the residual stream, one norm, and the feed-forward's eight and four. */
const LIVE_IN_BLOCK = 14;
/** Inputs of a residual block's two norms. */
const KEPT_BY_RESNET = 2;

/**
 * Estimate of the largest GPU memory, in bytes: weights, and of the activations all that backward reads (training) or the
 * joined skips and the widest block (without). Gradients in flight add about as much as the widest block again. Checked
 * against the buffer pool's own count in `memory.gpu.test.ts`.
 */
export function unetMemory(config: UNet2DConfig, { images, side, training }: UNet2DWork): number {
  let weights = 0;
  for (const shape of expectedUNet2DTensors(config).values()) weights += shape.reduce((a, b) => a * b, 1);
  const { kept, skips, widest } = activations(config, side);
  const live = training ? kept + 2 * widest : skips + widest;
  return BYTES * (weights + images * live);
}

/** Numbers of one image's activations. */
function activations(config: UNet2DConfig, side: number): { kept: number; skips: number; widest: number } {
  const { down, mid, up } = layoutUNet2D(config);
  let area = side * side;
  let [kept, widest] = [0, 0];
  let skips = area * config.down[0]!.channels;
  const resnet = ({ inChannels, outChannels }: ResnetSite): void => {
    kept += area * (inChannels + KEPT_BY_RESNET * outChannels);
    // The padded input of a convolution is a copy.
    widest = Math.max(widest, area * (2 * inChannels + 3 * outChannels));
  };
  const transformer = (site: TransformerSite | undefined): void => {
    if (!site) return;
    kept += area * site.channels * (2 + KEPT_BY_BLOCK * site.layers);
    widest = Math.max(widest, area * site.channels * LIVE_IN_BLOCK);
  };
  for (const { stages, resample, channels } of down) {
    for (const stage of stages) {
      resnet(stage.resnet);
      transformer(stage.transformer);
      skips += area * channels;
    }
    if (resample) {
      area /= 4;
      skips += area * channels;
    }
  }
  resnet(mid.first);
  transformer(mid.transformer);
  resnet(mid.second);
  for (const { stages, resample } of up) {
    for (const stage of stages) {
      resnet(stage.resnet);
      transformer(stage.transformer);
    }
    if (resample) area *= 4;
  }
  return { kept, skips, widest };
}
