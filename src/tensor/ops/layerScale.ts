import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { sumColumns } from './sumColumns.ts';

/**
 * Layer scale (Touvron et al., arXiv 2103.17239): gamma · x, a factor for each column.
 * @param x [.., C]
 * @param gamma [C]
 * dx = gamma·dy, dgamma = Σ x·dy over rows (only when gamma is trainable).
 */
export function layerScale(context: Context, x: Tensor, gamma: Tensor): Tensor {
  return scaled(context, x, gamma);
}

/**
 * The end of a residual branch in one pass: residual + gamma · x.
 * @param residual [.., C], of x's size
 * @param x [.., C]
 * @param gamma [C]
 * The residual's gradient is dy itself; the others as in `layerScale`.
 */
export function addScaled(context: Context, residual: Tensor, x: Tensor, gamma: Tensor): Tensor {
  if (residual.size !== x.size) {
    throw new Error(`addScaled: residual [${residual.shape}] does not fit [${x.shape}]`);
  }
  return scaled(context, x, gamma, residual);
}

function scaled(context: Context, x: Tensor, gamma: Tensor, residual?: Tensor): Tensor {
  if (gamma.size !== x.columns) {
    throw new Error(`layerScale: gamma [${gamma.shape}] must fit the last axis of [${x.shape}]`);
  }
  const y = context.empty(x.shape, 'layerScale');
  const shape = { rows: x.rows, columns: x.columns };
  context.kernels.layerScale.forward(shape, {
    x: x.buffer,
    gamma: gamma.buffer,
    residual: residual?.buffer,
    y: y.buffer,
  });
  const saved = [...(x.requiresGrad ? [gamma] : []), ...(gamma.requiresGrad ? [x] : [])];
  context.record('layerScale', [residual, x, gamma], y, saved, (dy) => {
    let dx: Tensor | undefined;
    if (x.requiresGrad) {
      dx = context.empty(x.shape, 'layerScale gradient');
      context.kernels.layerScale.forward(shape, { x: dy.buffer, gamma: gamma.buffer, y: dx.buffer });
    }
    let dgamma: Tensor | undefined;
    if (gamma.requiresGrad) {
      const products = context.empty(x.shape, 'layerScale products');
      context.kernels.layerScale.product(shape, { a: x.buffer, b: dy.buffer, y: products.buffer });
      dgamma = context.reshape(sumColumns(context, products), gamma.shape);
    }
    return [residual?.requiresGrad ? dy : undefined, dx, dgamma];
  });
  return y;
}
