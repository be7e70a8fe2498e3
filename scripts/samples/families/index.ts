/** All families by name, and the one place where a thing is made from its plan. */
import * as THREE from 'three';
import type { FamilyName, ThingSpec } from '../plan/types.ts';
import { Rng } from '../random.ts';
import { bottle } from './bottle.ts';
import { cat } from './cat.ts';
import { dog } from './dog.ts';
import { duck } from './duck.ts';
import { coatOf, type Family } from './family.ts';
import { mug } from './mug.ts';
import { shoe } from './shoe.ts';

/** Each build takes its own coat type; a thing is always built with its own family's coat. */
const families: Record<FamilyName, (spec: ThingSpec, rng: Rng) => THREE.Object3D> = {
  dog: maker(dog),
  cat: maker(cat),
  duck: maker(duck),
  mug: maker(mug),
  shoe: maker(shoe),
  bottle: maker(bottle),
};

function maker<Coat>(family: Family<Coat>): (spec: ThingSpec, rng: Rng) => THREE.Object3D {
  return (spec, rng) => family.build(coatOf(family, spec.coat, rng), spec.stance);
}

const REST: Record<ThingSpec['stance']['rest'], [number, number, number]> = {
  upright: [0, 0, 0],
  side: [0, 0, Math.PI / 2],
  back: [-Math.PI / 2, 0, 0],
  upturned: [Math.PI, 0, 0],
};

/** Lowest point of an object in its parent's coordinates, from its vertices. */
export function lowestPoint(object: THREE.Object3D): number {
  object.updateWorldMatrix(true, true);
  const p = new THREE.Vector3();
  let lowest = Number.POSITIVE_INFINITY;
  object.traverse((child) => {
    if (!(child instanceof THREE.Mesh) || child instanceof THREE.InstancedMesh) return;
    const position = child.geometry.attributes.position as THREE.BufferAttribute;
    for (let i = 0; i < position.count; i++) {
      p.fromBufferAttribute(position, i).applyMatrix4(child.matrixWorld);
      lowest = Math.min(lowest, p.y);
    }
  });
  return lowest;
}

/** The thing at rest on y = 0, its footprint centred on the origin. */
export function makeThing(spec: ThingSpec, seed: string): THREE.Object3D {
  const body = families[spec.family](spec, new Rng(seed));
  const [x, y, z] = REST[spec.stance.rest];
  body.rotation.y = (spec.stance.spin * Math.PI) / 180;
  const rest = new THREE.Group().add(body);
  rest.rotation.set(x, y, z);
  const turn = new THREE.Group().add(rest);
  turn.rotation.y = (spec.stance.yaw * Math.PI) / 180;
  const thing = new THREE.Group().add(turn);
  const centre = new THREE.Box3().setFromObject(turn, true).getCenter(new THREE.Vector3());
  turn.position.set(-centre.x, -lowestPoint(turn), -centre.z);
  thing.updateWorldMatrix(true, true);
  return thing;
}
