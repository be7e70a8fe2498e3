import wgsl from '../../../shaders/reduce.wgsl?raw';
import { foldGrid, linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { spread } from './reduce.ts';

/**
 * Sum of each row: x [..., C] → [...] (a scalar [1] for a vector). dx = dy of the row.
 * @param parallel one workgroup a row (GPUs) or one invocation a row (software adapters, the default there)
 */
export function sumRows(
  context: Context,
  x: Tensor,
  parallel: boolean = !context.gpu.adapter.software,
): Tensor {
  const { rows, columns } = x;
  const y = context.empty(x.shape.length > 1 ? x.shape.slice(0, -1) : [1], 'row sums');
  context.run(
    { name: 'reduce', wgsl, part: 'rows', constants: { PARALLEL: parallel } },
    [x, y],
    { rows, columns },
    parallel ? foldGrid(rows) : linearGrid(rows, 64),
    x.size,
  );
  context.record('sumRows', [x], y, [], (dy) => [spread(context, dy, x.shape, 'rows')]);
  return y;
}
