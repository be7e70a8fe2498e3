/** Props around the subject, and some between it and the camera. */
import * as THREE from 'three';
import { lowestPoint, makeThing } from '../families/index.ts';
import { PLACES } from '../plan/places.ts';
import type { ShotSpec } from '../plan/types.ts';
import { PROPS } from '../props/index.ts';
import type { Rng } from '../random.ts';

interface Circle {
  x: number;
  z: number;
  r: number;
}

/** Footprint of an object standing near the origin. */
export function footprint(object: THREE.Object3D): Circle {
  const box = new THREE.Box3().setFromObject(object, true);
  const size = box.getSize(new THREE.Vector3());
  return {
    x: (box.min.x + box.max.x) / 2,
    z: (box.min.z + box.max.z) / 2,
    r: 0.5 * Math.max(size.x, size.z),
  };
}

function makeProp(name: string, rng: Rng): THREE.Object3D {
  const make = PROPS[name];
  if (!make) throw new RangeError(`no prop "${name}"; known: ${Object.keys(PROPS).join(', ')}`);
  const turn = new THREE.Group().add(make(rng));
  turn.rotation.y = rng.range(0, 2 * Math.PI);
  turn.scale.setScalar(rng.range(0.8, 1.15));
  const { x, z } = footprint(turn);
  turn.position.set(-x, -lowestPoint(turn), -z);
  return new THREE.Group().add(turn);
}

/**
 * Places the shot's clutter without overlap. `toCamera` is the unit vector on the floor from subject to camera.
 * The first items go beside and in front of the subject, where they may hide part of it.
 */
export function placeClutter(
  shot: ShotSpec,
  subject: Circle | null,
  toCamera: THREE.Vector3,
  rng: Rng,
): THREE.Object3D[] {
  const { back } = PLACES[shot.set];
  const taken: Circle[] = subject ? [subject] : [];
  const out: THREE.Object3D[] = [];
  const names = rng.shuffled(Object.keys(PROPS));
  const side = new THREE.Vector3(toCamera.z, 0, -toCamera.x);
  const items: THREE.Object3D[] = shot.rival ? [makeThing(shot.rival, `${shot.seed}/rival`)] : [];
  for (let i = items.length; i < shot.clutter; i++)
    items.push(makeProp(names[i % names.length] as string, rng.fork(`prop/${i}`)));
  items.forEach((item, i) => {
    const { r } = footprint(item);
    const occluder = subject !== null && shot.clutter > 2 && i > 0 && i <= 2;
    for (let attempt = 0; attempt < 60; attempt++) {
      const spot = new THREE.Vector3();
      if (subject === null && i === 0) spot.set(0, 0, 0);
      else if (occluder) {
        spot
          .addScaledVector(toCamera, ((subject?.r ?? 1) + r) * 0.92 + rng.range(0.02, 0.5))
          .addScaledVector(side, rng.range(0.35, 1.3) * (i % 2 ? 1 : -1) * ((subject?.r ?? 1) * 0.6 + 0.4));
      } else {
        const reach = (subject?.r ?? 0.8) * 0.9 + r * 0.9 + rng.range(0.02, 0.7 + attempt * 0.06);
        const angle = rng.range(0, 2 * Math.PI);
        spot.set(reach * Math.cos(angle), 0, reach * Math.sin(angle));
        // Beside and behind: things far in front would fill the picture.
        if (spot.dot(toCamera) > 0.8) continue;
      }
      if (spot.z - r * 0.8 < back) continue;
      if (taken.some((t) => Math.hypot(t.x - spot.x, t.z - spot.z) < t.r * 0.9 + r * 0.9)) continue;
      taken.push({ x: spot.x, z: spot.z, r });
      item.position.copy(spot);
      out.push(item);
      return;
    }
  });
  return out;
}
