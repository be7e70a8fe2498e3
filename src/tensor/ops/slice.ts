import type { Context } from '../context.ts';
import { sizeOf, type Tensor } from '../tensor.ts';

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
  context.kernels.rows.copy(
    { rows, width: block, xStride: length * inner, xOffset: from * inner, yStride: block, yOffset: 0 },
    { x: x.buffer, y: y.buffer },
  );
  context.record('slice', [x], y, [], (dy) => {
    const dx = context.empty(x.shape, 'slice gradient');
    context.kernels.rows.place(
      { rows, width: length * inner, offset: from * inner, blockWidth: block },
      { x: dy.buffer, y: dx.buffer },
    );
    return [dx];
  });
  return y;
}
