import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Layer normalization over the last axis (Ba et al., arXiv 1607.06450): y = (x − mean)/√(var + epsilon) · gamma + beta,
 * with the biased variance.
 * @param x [.., C]
 * @param gamma [C]
 * @param beta [C]
 * Saves mean and reciprocal deviation by row. With g = dy·gamma and n the normalized x:
 * dx = rstd (g − mean(g) − n mean(g n)), dgamma = Σ dy n, dbeta = Σ dy over rows.
 */
export function layerNorm(context: Context, x: Tensor, gamma: Tensor, beta: Tensor, epsilon = 1e-6): Tensor {
  const { rows, columns } = x;
  if (gamma.size !== columns || beta.size !== columns) {
    throw new Error(
      `layerNorm: gamma [${gamma.shape}] and beta [${beta.shape}] must fit the last axis of [${x.shape}]`,
    );
  }
  const shape = { rows, columns, epsilon };
  const y = context.empty(x.shape, 'layerNorm');
  const stats = context.empty([rows, 2], 'layerNorm statistics');
  context.kernels.layerNorm.forward(shape, {
    ...{ x: x.buffer, gamma: gamma.buffer, beta: beta.buffer },
    ...{ y: y.buffer, stats: stats.buffer },
  });
  context.record('layerNorm', [x, gamma, beta], y, [x, gamma, stats], (dy) => {
    const gradientOf = (input: Tensor) =>
      input.requiresGrad ? context.empty(input.shape, 'layerNorm gradient') : undefined;
    const [dx, dgamma, dbeta] = [gradientOf(x), gradientOf(gamma), gradientOf(beta)];
    context.kernels.layerNorm.backward(shape, {
      ...{ x: x.buffer, gamma: gamma.buffer, stats: stats.buffer, dy: dy.buffer },
      ...{ dx: dx?.buffer, dgamma: dgamma?.buffer, dbeta: dbeta?.buffer },
    });
    return [dx, dgamma, dbeta];
  });
  return y;
}
