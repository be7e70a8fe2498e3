import { expect, it } from 'vitest';
import { readUNet2DConfig } from '../config.ts';
import { ldmNames } from './ldmNames.ts';

it("numbers Stable Diffusion 1.5's modules as LDM does", () => {
  // The names on the right are those of the blocks in v1-inference.yaml's UNet: 12 down, 1 in the middle, 12 up.
  const name = ldmNames(readUNet2DConfig({ cross_attention_dim: 768 }));
  const pairs: [string, string][] = [
    ['conv_in', 'input_blocks.0.0'],
    ['time_embedding.linear_2', 'time_embed.2'],
    ['down_blocks.0.resnets.0.conv1', 'input_blocks.1.0.in_layers.2'],
    ['down_blocks.0.attentions.1.proj_in', 'input_blocks.2.1.proj_in'],
    ['down_blocks.0.downsamplers.0.conv', 'input_blocks.3.0.op'],
    ['down_blocks.1.resnets.0.conv_shortcut', 'input_blocks.4.0.skip_connection'],
    [
      'down_blocks.2.attentions.1.transformer_blocks.0.attn2.to_k',
      'input_blocks.8.1.transformer_blocks.0.attn2.to_k',
    ],
    ['down_blocks.3.resnets.1.conv2', 'input_blocks.11.0.out_layers.3'],
    ['mid_block.resnets.1.time_emb_proj', 'middle_block.2.emb_layers.1'],
    ['mid_block.attentions.0.proj_out', 'middle_block.1.proj_out'],
    ['up_blocks.0.upsamplers.0.conv', 'output_blocks.2.1.conv'],
    ['up_blocks.1.attentions.0.proj_in', 'output_blocks.3.1.proj_in'],
    ['up_blocks.1.upsamplers.0.conv', 'output_blocks.5.2.conv'],
    [
      'up_blocks.3.attentions.2.transformer_blocks.0.ff.net.2',
      'output_blocks.11.1.transformer_blocks.0.ff.net.2',
    ],
    ['conv_out', 'out.2'],
  ];
  for (const [path, expected] of pairs) expect(name(path)).toBe(expected);
});
