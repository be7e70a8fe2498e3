import wgsl from '../../../shaders/groupNorm.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { ImageShapeError, imageSizes } from './images.ts';
import { stridedSum } from './rows.ts';

/** Invocations wanted for a pass over the pixels, and the fewest pixels that pay for a chunk of their own. */
const ENOUGH_INVOCATIONS = 16_384;
const FEWEST_PIXELS = 16;

/** Options of group normalization. */
export interface GroupNormOptions {
  groups: number;
  /** 1e-5 when left out, as PyTorch has it. */
  epsilon?: number;
  /** Whether x·sigmoid(x) follows, in the same kernels. */
  silu?: boolean;
}

/**
 * Group normalization (Wu and He, arXiv 1803.08494) of x [N, H, W, C], optionally followed by SiLU: with n = (x − mean)/√(var + ε)
 * over the pixels and the C/groups channels of a group, y = n·gamma + beta. Biased variance.
 * @param gamma [C]
 * @param beta [C]
 * Keeps x and mean and reciprocal deviation by group. With g = dy·gamma: dx = rstd (g − mean(g) − n mean(g n)),
 * dgamma = Σ dy n, dbeta = Σ dy; through SiLU first dy·σ(z)(1 + z(1 − σ(z))).
 * @throws ImageShapeError
 */
export function groupNorm(
  context: Context,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  { groups, epsilon = 1e-5, silu = false }: GroupNormOptions,
): Tensor {
  const { images, height, width, channels } = imageSizes('groupNorm', x);
  if (channels % groups || gamma.size !== channels || beta.size !== channels) {
    throw new ImageShapeError(
      `groupNorm: gamma [${gamma.shape}], beta [${beta.shape}] and ${groups} groups must fit the channels of [${x.shape}]`,
    );
  }
  const pixels = height * width;
  const vectors = channels / 4;
  const wanted = Math.ceil(ENOUGH_INVOCATIONS / (images * vectors));
  const chunks = Math.max(1, Math.min(wanted, Math.floor(pixels / FEWEST_PIXELS)));
  const chunkPixels = Math.ceil(pixels / chunks);
  const run = (part: string, tensors: Tensor[], invocations: number, work: number) =>
    context.run(
      { name: 'groupNorm', wgsl, part, constants: { SILU: silu } },
      tensors,
      { images, pixels, channels, groups, chunks, chunkPixels, epsilon },
      linearGrid(invocations, 64),
      work,
    );
  const columns = images * chunks * vectors;
  const partialSums = () => context.empty([images, chunks, 2, channels], 'groupNorm sums');

  const y = context.empty(x.shape, 'groupNorm');
  const stats = context.empty([images, groups, 2], 'groupNorm statistics');
  context.scope(() => {
    const sums = partialSums();
    run('sums', [x, sums], columns, x.size * 3);
    run('statistics', [x, sums, stats], images * groups * 64, sums.size * 4);
    run('normalize', [x, stats, gamma, beta, y], x.size / 4, x.size * 12);
    return undefined;
  });
  context.record('groupNorm', [x, gamma, beta], y, [x, stats, gamma, beta], (dy) => {
    const sums = partialSums();
    run('gradientSums', [x, stats, gamma, beta, dy, sums], columns, x.size * 12);
    let dx: Tensor | undefined;
    if (x.requiresGrad) {
      const means = context.empty(stats.shape, 'groupNorm gradient means');
      dx = context.empty(x.shape, 'groupNorm gradient');
      run('gradientStatistics', [sums, gamma, means], images * groups * 64, sums.size * 2);
      run('gradient', [x, stats, gamma, beta, dy, means, dx], x.size / 4, x.size * 16);
    }
    const over = { outer: 1, width: channels, count: images * chunks, outerStride: 0, stride: 2 * channels };
    const overImages = (offset: number) =>
      stridedSum(context, sums, { ...over, offset, scale: 1 }, [channels]);
    return [
      dx,
      gamma.requiresGrad ? overImages(channels) : undefined,
      beta.requiresGrad ? overImages(0) : undefined,
    ];
  });
  // The statistics are held by the tape from here on, or not needed.
  context.drop(stats);
  return y;
}
