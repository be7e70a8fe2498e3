import wgsl from '../../../shaders/layernorm.wgsl?raw';
import { foldGrid, linearGrid } from '../../backend/webgpu/grid.ts';
import type { Grid } from '../../backend/webgpu/recorder.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { stridedSum } from './rows.ts';

/** Chunks of rows that the gradients of gamma and beta are first summed over. */
const MAX_CHUNKS = 64;

/**
 * Layer normalization over the last axis (Ba et al., arXiv 1607.06450): y = (x − mean)/√(var + epsilon) · gamma + beta,
 * with the biased variance.
 * @param x [.., C]
 * @param gamma [C]
 * @param beta [C]
 * Saves mean and reciprocal deviation by row. With g = dy·gamma and n the normalized x:
 * dx = rstd (g − mean(g) − n mean(g n)), dgamma = Σ dy n, dbeta = Σ dy over rows.
 */
export function layerNorm(
  context: Context,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon = 1e-6,
  software = context.gpu.adapter.software,
): Tensor {
  const { rows, columns } = x;
  if (gamma.size !== columns || beta.size !== columns) {
    throw new Error(
      `layerNorm: gamma [${gamma.shape}] and beta [${beta.shape}] must fit the last axis of [${x.shape}]`,
    );
  }
  const y = context.empty(x.shape, 'layerNorm');
  const stats = context.empty([rows, 2], 'layerNorm statistics');
  const run = (part: string, tensors: Tensor[], grid: Grid, chunkRows = 0, chunks = 0) => {
    const scalar = columns % 4 !== 0;
    context.run(
      { name: 'layernorm', wgsl, part, constants: { SCALAR: scalar, SOFTWARE: software } },
      tensors,
      { rows, width: scalar ? columns : columns / 4, columns, epsilon, chunkRows, chunks },
      grid,
      x.size * 12,
    );
  };
  const byRow = software ? linearGrid(rows, 16) : foldGrid(rows);
  run('forward', [x, gamma, beta, y, stats], byRow);

  context.record('layerNorm', [x, gamma, beta], y, [x, gamma, stats], (dy) => {
    let dx: Tensor | undefined;
    if (x.requiresGrad) {
      dx = context.empty(x.shape, 'layerNorm gradient');
      run('inputGradient', [x, gamma, dy, stats, dx], byRow);
    }
    if (!gamma.requiresGrad && !beta.requiresGrad) return [dx, undefined, undefined];
    const chunkRows = Math.max(8, Math.ceil(rows / MAX_CHUNKS));
    const chunks = Math.ceil(rows / chunkRows);
    const sums = context.empty([2, chunks, columns], 'layerNorm partial sums');
    const width = columns % 4 ? columns : columns / 4;
    run('parameterGradients', [x, dy, stats, sums], [Math.ceil(width / 32), chunks, 1], chunkRows, chunks);
    const total = (parameter: Tensor, half: number) =>
      parameter.requiresGrad
        ? stridedSum(
            context,
            sums,
            {
              outer: 1,
              width: columns,
              count: chunks,
              offset: half * chunks * columns,
              outerStride: 0,
              stride: columns,
              scale: 1,
            },
            parameter.shape,
          )
        : undefined;
    return [dx, total(gamma, 0), total(beta, 1)];
  });
  return y;
}
