import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { imageSizes } from '../images.ts';

/** Where the pixels of an image go in a larger one of zeros. */
export interface Padding {
  top: number;
  left: number;
  outHeight: number;
  outWidth: number;
  /** Distance of neighbouring pixels; 1 when left out. */
  dilation?: number;
}

/** x [N, H, W, C] within zeros: [N, outHeight, outWidth, C]. Not on the tape. */
export function padImages(
  context: Context,
  x: Tensor,
  { top, left, outHeight, outWidth, dilation = 1 }: Padding,
): Tensor {
  const sizes = imageSizes('padImages', x);
  const y = context.empty([sizes.images, outHeight, outWidth, sizes.channels], 'padded');
  const shape = { ...sizes, outHeight, outWidth, top, left, dilation };
  context.kernels.images.pad(shape, { x: x.buffer, y: y.buffer });
  return y;
}
