/** Places with cloth: rugs and beds. Built around the origin, the back towards -z. */
import * as THREE from 'three';
import type { Rng } from '../random.ts';
import { block, paint, put, solid } from '../shapes/solids.ts';
import { paintTexture, rgb } from '../textures/canvas.ts';
import { tileFbm } from '../textures/noise.ts';
import { paintPrint, randomPrint } from '../textures/prints.ts';
import { boards, cloth, gingham, type Surface } from '../textures/surfaces.ts';
import { floor } from './ground.ts';
import { papered, seed, skirting, WOODS } from './room.ts';

function woven(rng: Rng): Surface {
  const s = seed(rng);
  const [a, b] = [
    rng.pick(['#c8553d', '#2f5d7c', '#e0c9a6', '#6a8f6b', '#7d5a86', '#d9a441', '#3b3f4a']),
    rng.pick(['#f2e6d0', '#efe0d8', '#d8e2e4']),
  ];
  const [ca, cb] = [rgb(a), rgb(b)];
  const kind = rng.int(4);
  return cloth(
    (u, v) => {
      if (kind === 0) return gingham(b, a, 4)(u, v);
      if (kind === 1) return Math.abs(((u * 8) % 1) - 0.5) + Math.abs(((v * 8) % 1) - 0.5) < 0.38 ? ca : cb;
      if (kind === 2)
        return Math.floor(v * 16) % 4 < 2
          ? ca
          : Math.floor(v * 16) % 4 === 2
            ? cb
            : [ca[0] * 0.6, ca[1] * 0.6, ca[2] * 0.6];
      return tileFbm(u, v, 6, 3, s) > 0.5 ? ca : [ca[0] * 0.86, ca[1] * 0.86, ca[2] * 0.88];
    },
    128,
    s,
  );
}

function sofa(rng: Rng, z: number): THREE.Object3D[] {
  const fabric = paint(rng.pick(['#5f7480', '#a9705a', '#6b7a58', '#c9b79a', '#7a4a58', '#38475a']), 0.95, {
    sheen: 0.4,
  });
  const out = [-2.7, 2.7].flatMap((x) => [
    block([5.3, 1.3, 3.4], fabric, [x, 2.0, z], 0.4),
    block([5.2, 2.8, 1.1], fabric, [x, 3.6, z - 1.2], 0.45),
  ]);
  for (const x of [-6, 6]) out.push(block([1.3, 3.2, 3.8], fabric, [x, 2.2, z], 0.5));
  out.push(block([12, 0.9, 3.2], fabric, [0, 0.95, z], 0.2));
  return out;
}

export function rug(rng: Rng): THREE.Object3D[] {
  const z = -rng.range(4.5, 6);
  const carpet = woven(rng);
  const pile = new THREE.MeshStandardMaterial({ ...carpet, roughness: 1, bumpScale: 2 });
  const mat = solid(new THREE.BoxGeometry(11, 0.14, 8), pile, [
    rng.range(-1, 1),
    -0.069,
    rng.range(-0.5, 0.6),
  ]);
  mat.rotation.y = rng.range(-0.25, 0.25);
  const base = floor(boards(rng.pick(WOODS), 10, seed(rng)), 13, 0.5, 1);
  base.position.y = -0.12;
  return [base, mat, ...sofa(rng, z), papered(rng, z - 3), skirting(z - 3)];
}

export function blanket(rng: Rng): THREE.Object3D[] {
  const fabric = woven(rng);
  for (const texture of [fabric.map, fabric.bumpMap]) texture.repeat.set(5, 5);
  const geometry = new THREE.PlaneGeometry(36, 36, 160, 160);
  geometry.rotateX(-Math.PI / 2);
  const position = geometry.attributes.position as THREE.BufferAttribute;
  const s = seed(rng);
  for (let i = 0; i < position.count; i++) {
    const [x, z] = [position.getX(i), position.getZ(i)];
    const r = Math.hypot(x, z);
    const fold = tileFbm(x / 36 + 0.5, z / 36 + 0.5 + 0.1 * Math.sin(x * 0.3), 6, 3, s) - 0.5;
    position.setY(i, Math.min(0.9, (fold - 0.05) * 2.6 * Math.min(1, Math.max(0, (r - 1.2) / 3)) - 0.02));
  }
  geometry.computeVertexNormals();
  const cover = solid(
    geometry,
    new THREE.MeshStandardMaterial({ ...fabric, roughness: 0.95, bumpScale: 1.5 }),
  );
  const pillow = (x: number) => {
    const soft = new THREE.MeshStandardMaterial({
      map: paintTexture(512, 512, paintPrint(randomPrint(rng), `${rng.seed}p${x}`)),
      roughness: 0.95,
    });
    return put(block([5, 3.2, 1.5], soft, [0, 0, 0], 0.7), [x, 1.5, -4.4], [-0.3, 0, 0]);
  };
  return [
    cover,
    pillow(-3),
    pillow(3),
    block([22, 7, 0.6], paint(rng.pick(WOODS), 0.6), [0, 2.6, -6], 0.3),
    papered(rng, -7),
  ];
}
