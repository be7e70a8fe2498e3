import type { UNet2DConfig } from './config.ts';
import { layoutUNet2D, resnetsOf, transformersOf } from './layout.ts';

/** Name and shape of every tensor of a UNet's checkpoint, as diffusers stores them. */
export function expectedUNet2DTensors(config: UNet2DConfig): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  const layer = (name: string, weight: number[], bias = true): void => {
    shapes.set(`${name}.weight`, weight);
    if (bias) shapes.set(`${name}.bias`, [weight[0]!]);
  };
  const conv = (name: string, out: number, from: number, side = 3) => layer(name, [out, from, side, side]);
  const first = config.down[0]!.channels;
  const time = 4 * first;
  layer('time_embedding.linear_1', [time, first]);
  layer('time_embedding.linear_2', [time, time]);
  conv('conv_in', first, config.inChannels);
  const layout = layoutUNet2D(config);
  for (const { path, inChannels, outChannels } of resnetsOf(layout)) {
    layer(`${path}.norm1`, [inChannels]);
    conv(`${path}.conv1`, outChannels, inChannels);
    layer(`${path}.time_emb_proj`, [outChannels, time]);
    layer(`${path}.norm2`, [outChannels]);
    conv(`${path}.conv2`, outChannels, outChannels);
    if (inChannels !== outChannels) conv(`${path}.conv_shortcut`, outChannels, inChannels, 1);
  }
  for (const { path, channels, layers } of transformersOf(layout)) {
    const square = config.useLinearProjection ? [channels, channels] : [channels, channels, 1, 1];
    layer(`${path}.norm`, [channels]);
    layer(`${path}.proj_in`, square);
    layer(`${path}.proj_out`, square);
    for (let i = 0; i < layers; i++) {
      const block = `${path}.transformer_blocks.${i}`;
      for (const norm of ['norm1', 'norm2', 'norm3']) layer(`${block}.${norm}`, [channels]);
      for (const [attention, from] of [
        ['attn1', channels],
        ['attn2', config.crossAttentionDim],
      ] as const) {
        layer(`${block}.${attention}.to_q`, [channels, channels], false);
        layer(`${block}.${attention}.to_k`, [channels, from], false);
        layer(`${block}.${attention}.to_v`, [channels, from], false);
        layer(`${block}.${attention}.to_out.0`, [channels, channels]);
      }
      layer(`${block}.ff.net.0.proj`, [8 * channels, channels]);
      layer(`${block}.ff.net.2`, [channels, 4 * channels]);
    }
  }
  for (const { resample, channels } of [...layout.down, ...layout.up]) {
    if (resample) conv(resample, channels, channels);
  }
  layer('conv_norm_out', [first]);
  conv('conv_out', config.outChannels, first);
  return shapes;
}
