import type { UNet2DBlock, UNet2DConfig } from './config.ts';

/** A residual block: where its tensors are, and its widths. */
export interface ResnetSite {
  path: string;
  inChannels: number;
  outChannels: number;
}

/** A transformer behind a residual block. */
export interface TransformerSite {
  path: string;
  channels: number;
  heads: number;
  layers: number;
}

/** One residual block with the transformer that may follow. */
export interface Stage {
  resnet: ResnetSite;
  transformer: TransformerSite | undefined;
}

/** A block going down or up. */
export interface BlockSite {
  path: string;
  stages: Stage[];
  /** Path of the convolution that halves or doubles the resolution after the block. */
  resample: string | undefined;
  channels: number;
}

/** The modules of a UNet in the order data passes them, with diffusers' names. */
export interface UNet2DLayout {
  down: BlockSite[];
  mid: { first: ResnetSite; transformer: TransformerSite; second: ResnetSite };
  up: BlockSite[];
}

/** Lay out a UNet. What goes down is kept and joined to what comes up: skip widths follow from the way down. */
export function layoutUNet2D(config: UNet2DConfig): UNet2DLayout {
  const first = config.down[0]!.channels;
  const skips = [first];
  let width = first;
  const last = config.down.length - 1;
  const down = config.down.map((block, i) => {
    const path = `down_blocks.${i}`;
    const stages = Array.from({ length: block.layers }, (_, j) => {
      const resnet = { path: `${path}.resnets.${j}`, inChannels: width, outChannels: block.channels };
      width = block.channels;
      skips.push(width);
      return { resnet, transformer: transformerSite(path, j, block) };
    });
    const resample = i < last ? `${path}.downsamplers.0.conv` : undefined;
    if (resample) skips.push(width);
    return { path, stages, resample, channels: block.channels };
  });
  const middle = (j: number): ResnetSite => ({
    path: `mid_block.resnets.${j}`,
    inChannels: width,
    outChannels: width,
  });
  const mid = {
    first: middle(0),
    transformer: {
      path: 'mid_block.attentions.0',
      channels: width,
      heads: config.mid.heads,
      layers: config.mid.transformerLayers,
    },
    second: middle(1),
  };
  const up = config.up.map((block, i) => {
    const path = `up_blocks.${i}`;
    const stages = Array.from({ length: block.layers + 1 }, (_, j) => {
      const inChannels = width + skips.pop()!;
      width = block.channels;
      return {
        resnet: { path: `${path}.resnets.${j}`, inChannels, outChannels: width },
        transformer: transformerSite(path, j, block),
      };
    });
    const resample = i < last ? `${path}.upsamplers.0.conv` : undefined;
    return { path, stages, resample, channels: block.channels };
  });
  return { down, mid, up };
}

/** Every transformer of a layout. */
export function transformersOf({ down, mid, up }: UNet2DLayout): TransformerSite[] {
  const of = (blocks: BlockSite[]) =>
    blocks.flatMap(({ stages }) => stages.flatMap(({ transformer }) => transformer ?? []));
  return [...of(down), mid.transformer, ...of(up)];
}

/** Every residual block of a layout. */
export function resnetsOf({ down, mid, up }: UNet2DLayout): ResnetSite[] {
  const of = (blocks: BlockSite[]) => blocks.flatMap(({ stages }) => stages.map(({ resnet }) => resnet));
  return [...of(down), mid.first, mid.second, ...of(up)];
}

function transformerSite(path: string, index: number, block: UNet2DBlock): TransformerSite | undefined {
  if (!block.heads) return undefined;
  const { channels, heads, transformerLayers } = block;
  return { path: `${path}.attentions.${index}`, channels, heads, layers: transformerLayers };
}
