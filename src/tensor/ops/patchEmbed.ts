import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { matmul } from './matmul/matmul.ts';

/**
 * The convolution with stride p that turns an image into patch tokens: patches as rows, then one matrix product.
 * Pixels right of and below the last whole patch are not used, as in PyTorch's Conv2d.
 * @param pixels [B, channels, H, W]
 * @param weight [C, channels, p, p]
 * @param bias [C]
 * @returns [B, ⌊H/p⌋·⌊W/p⌋, C], row by row
 * Gradients of weight and bias are the product's; pixels get none.
 * @throws Error when shapes do not fit, or when pixels want a gradient (images are data here)
 */
export function patchEmbed(context: Context, pixels: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [batch, channels, height, width] = pixels.shape as [number, number, number, number];
  const [columns, weightChannels, patch, patchW] = weight.shape as [number, number, number, number];
  if (pixels.shape.length !== 4 || weightChannels !== channels || patch !== patchW) {
    throw new Error(`patchEmbed: weight [${weight.shape}] does not fit pixels [${pixels.shape}]`);
  }
  if (height < patch || width < patch) {
    throw new Error(`patchEmbed: an image of ${width}×${height} is smaller than one patch of ${patch}`);
  }
  if (pixels.requiresGrad) throw new Error('patchEmbed: no gradient reaches the pixels; detach them');
  return context.scope(() => {
    const patches = Math.floor(height / patch) * Math.floor(width / patch);
    const area = channels * patch * patch;
    const rows = context.empty([batch, patches, area], 'patches');
    const shape = { images: batch, channels, height, width, side: patch };
    context.kernels.images.patches(shape, { pixels: pixels.buffer, rows: rows.buffer });
    const kernel = context.reshape(weight, [columns, area]);
    return matmul(context, rows, kernel, { transposeB: true, ...(bias && { bias }) });
  });
}
