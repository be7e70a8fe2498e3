import wgsl from '../../../shaders/images.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** Parts of `shaders/images.wgsl`. */
type ImagesPart = 'pad' | 'enlarge' | 'shrink' | 'addPerImage';

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

/** Run a kernel of `shaders/images.wgsl`, one invocation for four numbers of its last tensor. */
export function runImages(
  context: Context,
  part: ImagesPart,
  tensors: Tensor[],
  params: Record<string, number>,
): void {
  const count = tensors.at(-1)!.size / 4;
  context.run(
    { name: 'images', wgsl, part },
    tensors,
    { count, ...params },
    linearGrid(count, 64),
    count * 16,
  );
}
