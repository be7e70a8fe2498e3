/** All sets by name. */
import * as THREE from 'three';
import type { SetName } from '../plan/types.ts';
import type { Rng } from '../random.ts';
import { beach, forest, lawn, pavement, picnic } from './outdoor.ts';
import { blanket, rug } from './soft.ts';
import { backdrop, bookshelf, desk, kitchen, table } from './worktops.ts';

const BUILDERS: Record<SetName, (rng: Rng) => THREE.Object3D[]> = {
  table,
  kitchen,
  rug,
  bookshelf,
  blanket,
  desk,
  lawn,
  pavement,
  beach,
  forest,
  picnic,
  backdrop,
};

/** The place, built around the origin from the shot's own stream. */
export function buildSet(name: SetName, rng: Rng): THREE.Group {
  return new THREE.Group().add(...BUILDERS[name](rng));
}
