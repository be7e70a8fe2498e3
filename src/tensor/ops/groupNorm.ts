import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { ImageShapeError, imageSizes } from './images.ts';

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
  const of = { images, pixels: height * width, channels, groups, epsilon, silu };
  const y = context.empty(x.shape, 'groupNorm');
  const stats = context.empty([images, groups, 2], 'groupNorm statistics');
  context.kernels.groupNorm.forward(of, {
    ...{ x: x.buffer, gamma: gamma.buffer, beta: beta.buffer },
    ...{ y: y.buffer, stats: stats.buffer },
  });
  context.record('groupNorm', [x, gamma, beta], y, [x, stats, gamma, beta], (dy) => {
    const gradientOf = (input: Tensor) =>
      input.requiresGrad ? context.empty(input.shape, 'groupNorm gradient') : undefined;
    const [dx, dgamma, dbeta] = [gradientOf(x), gradientOf(gamma), gradientOf(beta)];
    context.kernels.groupNorm.backward(of, {
      ...{ x: x.buffer, stats: stats.buffer, gamma: gamma.buffer, beta: beta.buffer, dy: dy.buffer },
      ...{ dx: dx?.buffer, dgamma: dgamma?.buffer, dbeta: dbeta?.buffer },
    });
    return [dx, dgamma, dbeta];
  });
  // The statistics are held by the tape from here on, or not needed.
  context.drop(stats);
  return y;
}
