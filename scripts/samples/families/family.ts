/** A family: one geometry, many coats. Siblings share everything but the coat. */
import type * as THREE from 'three';
import type { CoatRef, Stance } from '../plan/types.ts';
import type { Rng } from '../random.ts';

export interface Family<Coat> {
  /** Named siblings; the first is the family's subject. */
  coats: Readonly<Record<string, Coat>>;
  /** A coat no named sibling wears. */
  stranger(rng: Rng): Coat;
  /** The thing at the origin, facing +z, before it is put to rest on the ground. */
  build(coat: Coat, stance: Stance): THREE.Object3D;
}

/** The coat a reference points to; throws RangeError for an unknown sibling. */
export function coatOf<Coat>(family: Family<Coat>, ref: CoatRef, rng: Rng): Coat {
  if ('stranger' in ref) return family.stranger(rng.fork(ref.stranger));
  const coat = family.coats[ref.named];
  if (!coat)
    throw new RangeError(`no sibling "${ref.named}"; known: ${Object.keys(family.coats).join(', ')}`);
  return coat;
}
