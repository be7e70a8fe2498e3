import { addPerImage } from '../../tensor/ops/addPerImage.ts';
import { groupNorm } from '../../tensor/ops/groupNorm.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ResnetSite } from './layout.ts';
import { type ModuleRun, runConv, runLinear } from './modules.ts';

/**
 * Residual block of the UNet: x + conv₂(silu(norm₂(conv₁(silu(norm₁(x))) + time))), x through a 1×1 convolution where
 * widths differ.
 * @param x [N, H, W, in]
 * @param time [N, 4·C₀]: SiLU of the time embedding
 * @returns [N, H, W, out]
 */
export function resnet(
  run: ModuleRun,
  { path, inChannels, outChannels }: ResnetSite,
  x: Tensor,
  time: Tensor,
) {
  const { context, weights, config } = run;
  const normed = (name: string, input: Tensor): Tensor =>
    groupNorm(context, input, weights.get(`${path}.${name}.weight`), weights.get(`${path}.${name}.bias`), {
      groups: config.normGroups,
      epsilon: config.normEps,
      silu: true,
    });
  return context.scope(() => {
    const hidden = runConv(run, `${path}.conv1`, normed('norm1', x));
    const timed = addPerImage(context, hidden, runLinear(run, `${path}.time_emb_proj`, time));
    const shortcut = inChannels === outChannels ? x : runLinear(run, `${path}.conv_shortcut`, x);
    return runConv(run, `${path}.conv2`, normed('norm2', timed), shortcut);
  });
}
