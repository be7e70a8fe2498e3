import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { spread } from './reduce.ts';

/** Sum of each row: x [..., C] → [...] (a scalar [1] for a vector). dx = dy of the row. */
export function sumRows(context: Context, x: Tensor): Tensor {
  const { rows, columns } = x;
  const y = context.empty(x.shape.length > 1 ? x.shape.slice(0, -1) : [1], 'row sums');
  context.kernels.reduce.rows({ rows, columns }, { x: x.buffer, y: y.buffer });
  context.record('sumRows', [x], y, [], (dy) => [spread(context, dy, x.shape, 'rows')]);
  return y;
}
