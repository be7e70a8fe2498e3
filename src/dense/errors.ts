/** Maps, tokens, vectors or masks that do not fit together; the message gives the sizes. */
export class DenseInputError extends Error {
  override readonly name = 'DenseInputError';
}

/** A mask that marks nothing (or everything) where an object against a background is needed. */
export class EmptyMaskError extends Error {
  override readonly name = 'EmptyMaskError';
}

/** Patches in `tokens`, [patches, dimension]. @throws DenseInputError when it does not divide */
export function patchCount(tokens: Float32Array, dimension: number): number {
  const count = tokens.length / dimension;
  if (!Number.isInteger(count) || count < 1) {
    throw new DenseInputError(
      `${tokens.length} numbers are no whole number of tokens of ${dimension} dimensions`,
    );
  }
  return count;
}

/** @throws DenseInputError unless there is one value for each of width × height pixels */
export function requirePlane(what: string, length: number, width: number, height: number): void {
  if (length !== width * height) {
    throw new DenseInputError(
      `${what} holds ${length} values; ${width}×${height} pixels need ${width * height}`,
    );
  }
}
