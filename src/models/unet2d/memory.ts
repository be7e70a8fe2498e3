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
  /** Whether the file has its weights in f16, as they then stay. */
  half: boolean;
}

const BYTES = 4;

/**
 * Tensors of a transformer's width that its backward reads, for each of its blocks: three norms' inputs and outputs (6),
 * query, key and value (3), both attentions' outputs and the second's query (3), and the eight of the gated feed-forward.
 */
const KEPT_BY_BLOCK = 20;
/** While it runs without a tape: the residual stream, one norm, and the feed-forward's eight and four. */
const LIVE_IN_BLOCK = 14;
/** Width of the gated feed-forward's inside, in the transformer's: four, and as many for the gate. */
const FEED_FORWARD = 8;
/** Inputs of a residual block's two norms. */
const KEPT_BY_RESNET = 2;

/** What a graphics device allows, in bytes. */
export interface MemoryLimits {
  /** In all. */
  total: number;
  /** In one tensor: what one binding takes. */
  tensor: number;
}

/**
 * Estimate of the largest GPU memory, in bytes: weights, and of the activations all that backward reads (training) or the
 * joined skips and the widest block (without). Gradients in flight add about as much as the widest block again. Checked
 * against the buffer pool's own count in `memory.device.test.ts`.
 */
export function unetMemory(config: UNet2DConfig, { images, side, training, half }: UNet2DWork): number {
  return weightBytes(config, half).all + images * imageBytes(config, side, training);
}

/**
 * Estimate of the largest single tensor, in bytes: of the weights, or of the activations of all images (the gated
 * feed-forward's inside, or a joined and padded input of a convolution).
 */
export function largestTensor(config: UNet2DConfig, { images, side, half }: UNet2DWork): number {
  return Math.max(weightBytes(config, half).largest, images * BYTES * activations(config, side).largest);
}

/** How many images fit at once; 0 where not even one does. */
export function imagesThatFit(
  config: UNet2DConfig,
  { side, training, half }: Omit<UNet2DWork, 'images'>,
  { total, tensor }: MemoryLimits,
): number {
  const { all, largest } = weightBytes(config, half);
  if (largest > tensor) return 0;
  const inAll = (total - all) / imageBytes(config, side, training);
  const inOne = tensor / (BYTES * activations(config, side).largest);
  return Math.max(0, Math.floor(Math.min(inAll, inOne)));
}

/** Bytes of the weights in all, and of the largest of them. */
export function weightBytes(config: UNet2DConfig, half: boolean): { all: number; largest: number } {
  const sizes = [...expectedUNet2DTensors(config).values()].map((shape) =>
    // Norms and biases stay f32; the few matrices whose rows are no fours do not matter.
    shape.reduce((a, b) => a * b, half && shape.length > 1 ? BYTES / 2 : BYTES),
  );
  return { all: sizes.reduce((a, b) => a + b, 0), largest: Math.max(...sizes) };
}

function imageBytes(config: UNet2DConfig, side: number, training: boolean): number {
  const { kept, skips, widest } = activations(config, side);
  return BYTES * (training ? kept + 2 * widest : skips + widest);
}

/** Numbers of one image's activations. */
interface Activations {
  kept: number;
  skips: number;
  widest: number;
  /** Of the largest tensor. */
  largest: number;
}

function activations(config: UNet2DConfig, side: number): Activations {
  const { down, mid, up } = layoutUNet2D(config);
  let area = side * side;
  let [kept, widest, largest] = [0, 0, 0];
  let skips = area * config.down[0]!.channels;
  const resnet = ({ inChannels, outChannels }: ResnetSite): void => {
    kept += area * (inChannels + KEPT_BY_RESNET * outChannels);
    // The padded input of a convolution is a copy.
    widest = Math.max(widest, area * (2 * inChannels + 3 * outChannels));
    largest = Math.max(largest, (Math.sqrt(area) + 2) ** 2 * Math.max(inChannels, outChannels));
  };
  const transformer = (site: TransformerSite | undefined): void => {
    if (!site) return;
    kept += area * site.channels * (2 + KEPT_BY_BLOCK * site.layers);
    widest = Math.max(widest, area * site.channels * LIVE_IN_BLOCK);
    largest = Math.max(largest, area * site.channels * FEED_FORWARD);
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
  return { kept, skips, widest, largest };
}
