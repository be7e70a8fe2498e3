import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Gated GELU (Shazeer, arXiv 2002.05202) on the output of one linear layer: x [.., 2F] → h·GELU(g) [.., F], h the first half of
 * the columns, g the second; GELU exact. dh = dy·GELU(g), dg = dy·h·GELU′(g), both recomputed from x.
 * @throws Error when F is not a multiple of four
 */
export function geglu(context: Context, x: Tensor): Tensor {
  const columns = x.columns / 2;
  if (columns % 4) throw new Error(`geglu: half the columns of [${x.shape}] must be a multiple of four`);
  const shape = { rows: x.rows, columns };
  const y = context.empty([...x.shape.slice(0, -1), columns], 'geglu');
  context.kernels.geglu.forward(shape, { x: x.buffer, y: y.buffer });
  context.record('geglu', [x], y, [x], (dy) => {
    const dx = context.empty(x.shape, 'geglu gradient');
    context.kernels.geglu.backward(shape, { x: x.buffer, dy: dy.buffer, dx: dx.buffer });
    return [dx];
  });
  return y;
}
