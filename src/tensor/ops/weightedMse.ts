import wgsl from '../../../shaders/weightedMse.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { reduceAll } from './reduce.ts';

/**
 * factor · mean over all elements of w (prediction − target)², w by row: the loss of denoising, with weights for masks,
 * prior preservation and noise levels.
 * @param prediction [.., C]
 * @param target the same shape; gets no gradient
 * @param weights one number a row
 * @returns a scalar [1]; dprediction = 2 w factor (prediction − target) / size · dy
 * @throws Error when the sizes do not fit
 */
export function weightedMse(
  context: Context,
  prediction: Tensor,
  target: Tensor,
  weights: Tensor,
  factor = 1,
): Tensor {
  if (target.size !== prediction.size || weights.size !== prediction.rows) {
    throw new Error(
      `weightedMse: target [${target.shape}] and weights [${weights.shape}] do not fit [${prediction.shape}]`,
    );
  }
  const count = prediction.size;
  const params = { count, columns: prediction.columns, factor: factor / count };
  const run = (part: string, tensors: Tensor[]) =>
    context.run({ name: 'weightedMse', wgsl, part }, tensors, params, linearGrid(count, 64), count * 5);
  const loss = context.scope(() => {
    const squares = context.empty(prediction.shape, 'squared errors');
    run('squares', [prediction, target, weights, squares]);
    return reduceAll(context, squares);
  });
  context.record('weightedMse', [prediction], loss, [prediction, target, weights], (dy) => {
    const gradient = context.empty(prediction.shape, 'weightedMse gradient');
    run('gradient', [prediction, target, weights, dy, gradient]);
    return [gradient];
  });
  return loss;
}
