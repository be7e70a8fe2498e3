import wgsl from '../../../../shaders/groupNorm.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { GroupNormKernels, GroupNormShape } from '../../families/normalization.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Invocations wanted for a pass over the pixels, and the fewest pixels that pay for a chunk of their own. */
const ENOUGH_INVOCATIONS = 16_384;
const FEWEST_PIXELS = 16;

/** How the pixels of an image are shared out, and what follows from it. */
function split({ images, pixels, channels }: GroupNormShape) {
  const vectors = channels / 4;
  const wanted = Math.ceil(ENOUGH_INVOCATIONS / (images * vectors));
  const chunks = Math.max(1, Math.min(wanted, Math.floor(pixels / FEWEST_PIXELS)));
  return {
    chunks,
    chunkPixels: Math.ceil(pixels / chunks),
    /** Invocations that sum, one for each chunk and four channels. */
    columns: images * chunks * vectors,
    /** Numbers of the sums [images, chunks, 2, channels]. */
    sumsSize: images * chunks * 2 * channels,
    /** Numbers of the images. */
    size: images * pixels * channels,
  };
}

/** Group normalization on WebGPU. */
export function groupNormKernels(gpu: WebGpuBackend): GroupNormKernels {
  const run = (
    part: string,
    { images, pixels, channels, groups, epsilon, silu }: GroupNormShape,
    { chunks, chunkPixels }: ReturnType<typeof split>,
    buffers: Storage[],
    invocations: number,
    work: number,
  ): void =>
    gpu.run(
      { name: 'groupNorm', wgsl, part, constants: { SILU: silu } },
      buffers,
      { images, pixels, channels, groups, chunks, chunkPixels, epsilon },
      linearGrid(invocations, 64),
      work,
    );
  return {
    forward(shape, { x, gamma, beta, y, stats }) {
      const parts = split(shape);
      const { columns, sumsSize, size } = parts;
      const groups = shape.images * shape.groups;
      gpu.scratch(sumsSize * 4, 'groupNorm sums', (sums) => {
        run('sums', shape, parts, [x, sums], columns, size * 3);
        run('statistics', shape, parts, [x, sums, stats], groups * 64, sumsSize * 4);
        run('normalize', shape, parts, [x, stats, gamma, beta, y], size / 4, size * 12);
      });
    },
    backward(shape, { x, stats, gamma, beta, dy, dx, dgamma, dbeta }) {
      const parts = split(shape);
      const { chunks, columns, sumsSize, size } = parts;
      const { images, channels } = shape;
      const groups = images * shape.groups;
      gpu.scratch(sumsSize * 4, 'groupNorm sums', (sums) => {
        run('gradientSums', shape, parts, [x, stats, gamma, beta, dy, sums], columns, size * 12);
        if (dx) {
          gpu.scratch(groups * 2 * 4, 'groupNorm gradient means', (means) => {
            run('gradientStatistics', shape, parts, [sums, gamma, means], groups * 64, sumsSize * 2);
            run('gradient', shape, parts, [x, stats, gamma, beta, dy, means, dx], size / 4, size * 16);
          });
        }
        const over = { outer: 1, width: channels, count: images * chunks, outerStride: 0, scale: 1 };
        const overImages = { ...over, stride: 2 * channels };
        const { rows } = gpu.kernels;
        if (dgamma) rows.sum({ ...overImages, offset: channels }, { x: sums, y: dgamma });
        if (dbeta) rows.sum({ ...overImages, offset: 0 }, { x: sums, y: dbeta });
      });
    },
  };
}
