import { DenseInputError } from './errors.ts';
import { cosine } from './vectors.ts';

/**
 * Score of an image for a subject: the largest cosine of its class token to those of the training photos (method §3.2).
 *
 * @param cls [dimension]
 * @param references class tokens of the training photos, each [dimension]
 * @throws DenseInputError without references, or when dimensions differ
 */
export function imageScore(cls: Float32Array, references: readonly Float32Array[]): number {
  if (references.length === 0)
    throw new DenseInputError('a score needs the class token of at least one photo');
  return references.reduce((best, reference) => {
    if (reference.length !== cls.length) {
      throw new DenseInputError(
        `class tokens of ${cls.length} and ${reference.length} dimensions cannot be compared; both must come from the same encoder`,
      );
    }
    return Math.max(best, cosine(cls, reference));
  }, Number.NEGATIVE_INFINITY);
}
