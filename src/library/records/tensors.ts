/** Where a named tensor lies in the packed stream, in floats. */
export interface TensorSpan {
  name: string;
  offset: number;
  length: number;
}

export interface PackedTensors {
  layout: TensorSpan[];
  /** The stream in order, cut into pieces that a database takes. */
  chunks: Float32Array<ArrayBuffer>[];
}

/** Floats a chunk: 64 MiB, half of what Chrome takes in one value. */
export const CHUNK_FLOATS = 16 * 1024 * 1024;

/** Lay named tensors end to end and cut the stream into chunks; a tensor may cross a cut. */
export function packTensors(
  tensors: Readonly<Record<string, Float32Array>>,
  chunkFloats: number = CHUNK_FLOATS,
): PackedTensors {
  const layout: TensorSpan[] = [];
  let total = 0;
  for (const [name, { length }] of Object.entries(tensors)) {
    layout.push({ name, offset: total, length });
    total += length;
  }
  const chunks: Float32Array<ArrayBuffer>[] = [];
  for (let start = 0; start < total; start += chunkFloats) {
    chunks.push(new Float32Array(Math.min(chunkFloats, total - start)));
  }
  for (const { name, offset, length } of layout) {
    forEachPiece(offset, length, chunkFloats, (chunk, at, from, count) => {
      chunks[chunk]!.set(tensors[name]!.subarray(from, from + count), at);
    });
  }
  return { layout, chunks };
}

/**
 * Undo `packTensors`.
 * @throws RangeError when the chunks are not what the layout says
 */
export function unpackTensors(
  { layout, chunks }: PackedTensors,
  chunkFloats: number = CHUNK_FLOATS,
): Record<string, Float32Array<ArrayBuffer>> {
  const stored = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const tensors: Record<string, Float32Array<ArrayBuffer>> = {};
  for (const { name, offset, length } of layout) {
    if (offset + length > stored)
      throw new RangeError(`tensor "${name}" ends at ${offset + length} of ${stored} floats`);
    const tensor = new Float32Array(length);
    forEachPiece(offset, length, chunkFloats, (chunk, at, from, count) => {
      tensor.set(chunks[chunk]!.subarray(at, at + count), from);
    });
    tensors[name] = tensor;
  }
  return tensors;
}

/** Visit the pieces of a span that lie in one chunk each: chunk, place in the chunk, place in the tensor, floats. */
function forEachPiece(
  offset: number,
  length: number,
  chunkFloats: number,
  visit: (chunk: number, at: number, from: number, count: number) => void,
): void {
  for (let from = 0; from < length; ) {
    const at = (offset + from) % chunkFloats;
    const count = Math.min(length - from, chunkFloats - at);
    visit(Math.floor((offset + from) / chunkFloats), at, from, count);
    from += count;
  }
}
