import type { UNet2DConfig } from '../config.ts';
import { layoutUNet2D } from '../layout.ts';

/** Modules of a residual block, and the few outside the blocks, as LDM (Stable Diffusion's first code) calls them. */
const IN_RESNET: Record<string, string> = {
  conv1: 'in_layers.2',
  conv2: 'out_layers.3',
  time_emb_proj: 'emb_layers.1',
  conv_shortcut: 'skip_connection',
};
const OUTSIDE: Record<string, string> = {
  conv_in: 'input_blocks.0.0',
  conv_out: 'out.2',
  'time_embedding.linear_1': 'time_embed.0',
  'time_embedding.linear_2': 'time_embed.2',
};

/**
 * LDM's name of a module: it numbers residual blocks with what follows them in one row, down (`input_blocks`) and up
 * (`output_blocks`), where diffusers numbers them in each block. Inside transformers the names are the same.
 * @returns a function from diffusers' path to LDM's
 */
export function ldmNames(config: UNet2DConfig): (path: string) => string {
  const { down, up } = layoutUNet2D(config);
  const blocks = new Map([
    ['mid_block.resnets.0', 'middle_block.0'],
    ['mid_block.attentions.0', 'middle_block.1'],
    ['mid_block.resnets.1', 'middle_block.2'],
  ]);
  let input = 1;
  for (const { stages, resample } of down) {
    for (const { resnet, transformer } of stages) {
      blocks.set(resnet.path, `input_blocks.${input}.0`);
      if (transformer) blocks.set(transformer.path, `input_blocks.${input}.1`);
      input++;
    }
    if (resample) blocks.set(resample, `input_blocks.${input++}.0.op`);
  }
  let output = 0;
  for (const { stages, resample } of up) {
    for (const { resnet, transformer } of stages) {
      blocks.set(resnet.path, `output_blocks.${output}.0`);
      if (transformer) blocks.set(transformer.path, `output_blocks.${output}.1`);
      output++;
    }
    const place = stages.at(-1)!.transformer ? 2 : 1;
    if (resample) blocks.set(resample, `output_blocks.${output - 1}.${place}.conv`);
  }
  return (path) => {
    const whole = blocks.get(path) ?? OUTSIDE[path];
    if (whole) return whole;
    const [, block, inside] = /^(.*?\.(?:resnets|attentions)\.\d+)\.(.*)$/.exec(path)!;
    return `${blocks.get(block!)}.${IN_RESNET[inside!] ?? inside}`;
  };
}
