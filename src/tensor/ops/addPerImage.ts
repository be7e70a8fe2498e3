import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { ImageShapeError, imageSizes } from './images.ts';
import { stridedSum } from './rows.ts';

/**
 * One vector added to every pixel of an image, as a residual block adds its time embedding.
 * @param x [N, H, W, C]
 * @param t [N, C]
 * @returns [N, H, W, C]; dx = dy, dt = Σ dy over the pixels of each image
 * @throws ImageShapeError
 */
export function addPerImage(context: Context, x: Tensor, t: Tensor): Tensor {
  const { images, height, width, channels } = imageSizes('addPerImage', x);
  if (t.rows !== images || t.columns !== channels) {
    throw new ImageShapeError(`addPerImage: [${t.shape}] does not fit [${x.shape}]`);
  }
  const y = context.empty(x.shape, 'addPerImage');
  const count = height * width;
  const operands = { x: x.buffer, t: t.buffer, y: y.buffer };
  context.kernels.images.addPerImage({ images, pixels: count, channels }, operands);
  context.record('addPerImage', [x, t], y, [], (dy) => {
    const pixels = { outer: images, width: channels, count, outerStride: count * channels };
    return [
      x.requiresGrad ? dy : undefined,
      t.requiresGrad
        ? stridedSum(context, dy, { ...pixels, offset: 0, stride: channels, scale: 1 }, t.shape)
        : undefined,
    ];
  });
  return y;
}
