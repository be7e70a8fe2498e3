import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Rows of x [R, C] by index, repeats allowed: y[i] = x[indices[i]], [n, C].
 * dx sums dy over the places each row went to, in their order (indices are inverted on the CPU, no atomics).
 * @throws RangeError naming the first index outside 0..R−1
 */
export function gatherRows(context: Context, x: Tensor, indices: ArrayLike<number>): Tensor {
  const { rows, columns } = x;
  const chosen = Uint32Array.from(indices);
  const wrong = chosen.findIndex((index) => index >= rows);
  if (wrong >= 0)
    throw new RangeError(`gatherRows: index ${indices[wrong]} at ${wrong} is not below ${rows}`);
  if (chosen.length === 0) throw new RangeError('gatherRows: no indices');
  const y = context.empty([chosen.length, columns], 'gatherRows');
  context.scope(() => {
    const indices = uploadIndices(context, chosen);
    context.kernels.rows.gather(
      { rows: chosen.length, width: columns },
      { x: x.buffer, indices: indices.buffer, y: y.buffer },
    );
    return undefined;
  });
  context.record('gatherRows', [x], y, [], (dy) => {
    const places = invert(chosen, rows);
    const dx = context.empty(x.shape, 'gatherRows gradient');
    const starts = uploadIndices(context, places.starts);
    const sources = uploadIndices(context, places.sources);
    context.kernels.rows.scatterAdd(
      { rows, width: columns, entries: chosen.length },
      { x: dy.buffer, starts: starts.buffer, sources: sources.buffer, y: dx.buffer },
    );
    return [dx];
  });
  return y;
}

/** Indices as they lie (u32 bits) in a tensor's buffer. */
function uploadIndices(context: Context, indices: Uint32Array<ArrayBuffer>): Tensor {
  const table = context.empty([indices.length], 'row indices');
  context.backend.upload(table.buffer, indices);
  return table;
}

/** For each row the places it went to: sources[starts[row] .. starts[row + 1]], ascending (a counting sort). */
function invert(indices: Uint32Array, rows: number) {
  const starts = new Uint32Array(rows + 1);
  for (const index of indices) starts[index + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  const next = starts.slice();
  const sources = new Uint32Array(indices.length);
  indices.forEach((index, place) => {
    sources[next[index]!++] = place;
  });
  return { starts, sources };
}
