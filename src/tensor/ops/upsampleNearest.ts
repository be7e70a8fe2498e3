import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { imageSizes, runImages } from './images.ts';

/** Nearest-neighbour enlargement by two: x [N, H, W, C] → [N, 2H, 2W, C]. dx is the sum of the four copies' dy. */
export function upsampleNearest(context: Context, x: Tensor): Tensor {
  const { images, height, width, channels } = imageSizes('upsampleNearest', x);
  const y = context.empty([images, 2 * height, 2 * width, channels], 'upsampled');
  const sizes = { channels: channels / 4, height, width };
  runImages(context, 'enlarge', [x, y], sizes);
  context.record('upsampleNearest', [x], y, [], (dy) => {
    const dx = context.empty(x.shape, 'upsample gradient');
    runImages(context, 'shrink', [dy, dx], sizes);
    return [dx];
  });
  return y;
}
