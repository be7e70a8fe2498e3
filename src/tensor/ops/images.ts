import type { Tensor } from '../tensor.ts';

/** Sizes of images [N, H, W, C]. */
export interface ImageSizes {
  images: number;
  height: number;
  width: number;
  channels: number;
}

/** Images do not have a shape an operation can take; the message names the shape. */
export class ImageShapeError extends Error {
  override name = 'ImageShapeError';
}

/**
 * Sizes of a tensor [N, H, W, C] whose channels are a multiple of four.
 * @throws ImageShapeError
 */
export function imageSizes(what: string, x: Tensor): ImageSizes {
  const [images, height, width, channels] = x.shape as [number, number, number, number];
  if (x.shape.length !== 4 || channels % 4 !== 0) {
    throw new ImageShapeError(
      `${what}: [${x.shape}] is not [N, H, W, C] with a multiple of four channels; pad the channels with zeros`,
    );
  }
  return { images, height, width, channels };
}
