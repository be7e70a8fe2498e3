import wgsl from '../../../shaders/reduce.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { spread } from './reduce.ts';

/** Rows that one invocation adds up, and the most segments the second stage has to add. */
const ROWS_PER_SEGMENT = 32;
const MOST_SEGMENTS = 64;

/** Sum of each column over all leading dimensions: x [..., C] → [C]. dx = dy of the column. */
export function sumColumns(context: Context, x: Tensor): Tensor {
  const y = context.empty([x.columns], 'column sums');
  context.scope(() => {
    const segments = Math.min(MOST_SEGMENTS, Math.ceil(x.rows / ROWS_PER_SEGMENT));
    if (segments === 1) {
      addSegments(context, x, y, x.rows, 1);
    } else {
      const partial = context.empty([segments, x.columns], 'partial column sums');
      addSegments(context, x, partial, x.rows, segments);
      addSegments(context, partial, y, segments, 1);
    }
    return undefined;
  });
  context.record('sumColumns', [x], y, [], (dy) => [spread(context, dy, x.shape, 'columns')]);
  return y;
}

function addSegments(context: Context, x: Tensor, y: Tensor, rows: number, segments: number): void {
  const wide = x.columns % 4 === 0;
  const items = wide ? x.columns / 4 : x.columns;
  context.run(
    { name: 'reduce', wgsl, part: 'columns', constants: { ITEM: wide ? 'vec4f' : 'f32' } },
    [x, y],
    { rows, items, segments, rowsPerSegment: Math.ceil(rows / segments) },
    linearGrid(items * segments, 64),
    x.size,
  );
}
