import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { imageSizes, runImages } from '../images.ts';

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
  const { images, height, width, channels } = imageSizes('padImages', x);
  const y = context.empty([images, outHeight, outWidth, channels], 'padded');
  const params = { channels: channels / 4, height, width, outHeight, outWidth, top, left, dilation };
  runImages(context, 'pad', [x, y], params);
  return y;
}
