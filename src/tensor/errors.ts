/** Tensors whose shapes do not fit the op or each other; the message names the op and the shapes. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}
