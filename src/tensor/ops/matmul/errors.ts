/** The shapes given to a matrix product do not fit each other; the message names both. */
export class MatmulShapeError extends Error {
  override name = 'MatmulShapeError';
}
