import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { imageSizes } from './images.ts';

/** Nearest-neighbour enlargement by two: x [N, H, W, C] → [N, 2H, 2W, C]. dx is the sum of the four copies' dy. */
export function upsampleNearest(context: Context, x: Tensor): Tensor {
  const sizes = imageSizes('upsampleNearest', x);
  const { images, height, width, channels } = sizes;
  const y = context.empty([images, 2 * height, 2 * width, channels], 'upsampled');
  context.kernels.images.enlarge(sizes, { x: x.buffer, y: y.buffer });
  context.record('upsampleNearest', [x], y, [], (dy) => {
    const dx = context.empty(x.shape, 'upsample gradient');
    context.kernels.images.shrink(sizes, { dy: dy.buffer, dx: dx.buffer });
    return [dx];
  });
  return y;
}
