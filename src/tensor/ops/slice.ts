import type { Context } from '../context.ts';
import { sizeOf, type Tensor } from '../tensor.ts';
import { runRows } from './rows.ts';

/**
 * x[.., from:to, ..] along one axis. The gradient is dy inside the range and zero outside.
 * @param axis counted from the front
 * @throws Error when the range is empty or outside the axis
 */
export function slice(context: Context, x: Tensor, axis: number, from: number, to: number): Tensor {
  const length = x.shape[axis];
  if (length === undefined || from < 0 || to > length || from >= to) {
    throw new Error(`slice: range ${from}..${to} of axis ${axis} does not fit [${x.shape}]`);
  }
  const inner = sizeOf(x.shape.slice(axis + 1));
  const rows = sizeOf(x.shape.slice(0, axis));
  const block = (to - from) * inner;
  const y = context.empty(x.shape.with(axis, to - from), 'slice');
  runRows(
    context,
    'copy',
    [x, y],
    { width: block, xStride: length * inner, xOffset: from * inner, yStride: block, yOffset: 0 },
    { rows },
    y.size,
  );
  context.record('slice', [x], y, [], (dy) => {
    const dx = context.empty(x.shape, 'slice gradient');
    const lengths = { width: length * inner, offset: from * inner, blockWidth: block };
    runRows(context, 'place', [dy, dx], lengths, { rows }, dx.size);
    return [dx];
  });
  return y;
}
