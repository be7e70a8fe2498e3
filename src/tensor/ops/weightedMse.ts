import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

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
  const shape = { count: prediction.size, columns: prediction.columns, factor };
  const inputs = () => ({
    prediction: prediction.buffer,
    target: target.buffer,
    weights: weights.buffer,
  });
  const loss = context.empty([1], 'weightedMse');
  context.kernels.weightedMse.loss(shape, { ...inputs(), loss: loss.buffer });
  context.record('weightedMse', [prediction], loss, [prediction, target, weights], (dy) => {
    const gradient = context.empty(prediction.shape, 'weightedMse gradient');
    context.kernels.weightedMse.gradient(shape, {
      ...inputs(),
      dy: dy.buffer,
      gradient: gradient.buffer,
    });
    return [gradient];
  });
  return loss;
}
