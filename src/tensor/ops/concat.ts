import type { Context } from '../context.ts';
import { sizeOf, type Tensor } from '../tensor.ts';

/**
 * Tensors joined along one axis; their other axes agree. The gradient of each is its part of dy.
 * @throws Error naming the shape that does not fit
 */
export function concat(context: Context, tensors: readonly Tensor[], axis: number): Tensor {
  const first = tensors[0];
  if (!first || axis >= first.shape.length) throw new Error(`concat: nothing to join along axis ${axis}`);
  for (const { shape } of tensors) {
    if (`${shape.with(axis, 0)}` !== `${first.shape.with(axis, 0)}`) {
      throw new Error(`concat: [${shape}] does not fit [${first.shape}] along axis ${axis}`);
    }
  }
  const rows = sizeOf(first.shape.slice(0, axis));
  const total = tensors.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const y = context.empty(first.shape.with(axis, total), 'concat');
  const stride = y.size / rows;
  let offset = 0;
  const offsets = tensors.map((x) => {
    const at = offset;
    const width = x.size / rows;
    offset += width;
    context.kernels.rows.copy(
      { rows, width, xStride: width, xOffset: 0, yStride: stride, yOffset: at },
      { x: x.buffer, y: y.buffer },
    );
    return at;
  });
  context.record('concat', tensors, y, [], (dy) =>
    tensors.map((x, i) => {
      if (!x.requiresGrad) return undefined;
      const dx = context.empty(x.shape, 'concat gradient');
      const width = x.size / rows;
      context.kernels.rows.copy(
        { rows, width, xStride: stride, xOffset: offsets[i]!, yStride: width, yOffset: 0 },
        { x: dy.buffer, y: dx.buffer },
      );
      return dx;
    }),
  );
  return y;
}

/** Tensors [Rᵢ, ..] one below the other: [ΣRᵢ, ..]. */
export function concatRows(context: Context, tensors: readonly Tensor[]): Tensor {
  return concat(context, tensors, 0);
}

/** Tensors [.., Cᵢ] side by side: [.., ΣCᵢ]. */
export function concatColumns(context: Context, tensors: readonly Tensor[]): Tensor {
  return concat(context, tensors, (tensors[0]?.shape.length ?? 1) - 1);
}
