import type { Photo } from '../types.ts';
import { hammingDistance, NEAR_DUPLICATE_BITS } from './hash.ts';

/** What is compared: hashes, and what to call the photo. */
export type KnownPhoto = Pick<Photo, 'name' | 'role' | 'contentHash' | 'perceptualHash'>;

export interface Duplicate {
  kind: 'exact' | 'near';
  of: KnownPhoto;
}

/** The known photo that a new one repeats: pixel for pixel, or nearly (the nearest). */
export function findDuplicate(
  photo: Pick<Photo, 'contentHash' | 'perceptualHash'>,
  known: readonly KnownPhoto[],
): Duplicate | undefined {
  const exact = known.find(({ contentHash }) => contentHash === photo.contentHash);
  if (exact) return { kind: 'exact', of: exact };
  let nearest: KnownPhoto | undefined;
  let distance = NEAR_DUPLICATE_BITS + 1;
  for (const other of known) {
    const bits = hammingDistance(photo.perceptualHash, other.perceptualHash);
    if (bits < distance) {
      nearest = other;
      distance = bits;
    }
  }
  return nearest && { kind: 'near', of: nearest };
}
