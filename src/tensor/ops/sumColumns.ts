import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { spread } from './reduce.ts';

/** Sum of each column over all leading dimensions: x [..., C] → [C]. dx = dy of the column. */
export function sumColumns(context: Context, x: Tensor): Tensor {
  const { rows, columns } = x;
  const y = context.empty([columns], 'column sums');
  context.kernels.reduce.columns({ rows, columns }, { x: x.buffer, y: y.buffer });
  context.record('sumColumns', [x], y, [], (dy) => [spread(context, dy, x.shape, 'columns')]);
  return y;
}
