/** Insulated drinking bottles: lacquered steel, a printed belt, a screw cap with a loop. */
import * as THREE from 'three';
import type { Rng } from '../random.ts';
import { paint, rope, thrown, turned } from '../shapes/solids.ts';
import { paintTexture } from '../textures/canvas.ts';
import { PALETTES, type Print, paintPrint, randomPrint } from '../textures/prints.ts';
import type { Family } from './family.ts';

export interface BottleCoat {
  lacquer: string;
  cap: string;
  loop: string;
  belt: Print;
}

function build({ lacquer, cap, loop, belt }: BottleCoat): THREE.Object3D {
  const coat = { clearcoat: 0.5, clearcoatRoughness: 0.3, metalness: 0.15 };
  const map = paintTexture(1024, 512, paintPrint(belt, `belt-${belt.kind}`));
  const shell = paint(lacquer, 0.42, coat);
  const steel = paint('#c9ccd0', 0.25, { metalness: 0.95 });
  const foot = turned(
    [
      [0, 0],
      [0.5, 0],
      [0.545, 0.03],
      [0.55, 0.12],
    ],
    steel,
  );
  const lower = turned(
    [
      [0.55, 0.12],
      [0.555, 0.14],
      [0.555, 0.62],
    ],
    shell,
  );
  const wrap = turned(
    [
      [0.556, 0.62],
      [0.556, 1.62],
    ],
    new THREE.MeshPhysicalMaterial({ map, roughness: 0.45, ...coat }),
  );
  const upper = thrown(
    [
      [0.555, 1.62],
      [0.555, 1.82],
      [0.52, 2.0],
      [0.4, 2.14],
      [0.34, 2.22],
    ],
    shell,
  );
  const neck = turned(
    [
      [0.34, 2.22],
      [0.33, 2.23],
      [0.33, 2.3],
      [0.36, 2.3],
    ],
    steel,
  );
  const lid = paint(cap, 0.55);
  const top = turned(
    [
      [0.36, 2.3],
      [0.375, 2.32],
      [0.375, 2.62],
      [0.34, 2.67],
      [0, 2.68],
    ],
    lid,
  );
  const ribs = new THREE.Group();
  for (let i = 0; i < 28; i++) {
    const a = (i / 28) * 2 * Math.PI;
    const rib = new THREE.Mesh(new THREE.CapsuleGeometry(0.02, 0.2, 3, 6), lid);
    rib.position.set(0.375 * Math.cos(a), 2.46, 0.375 * Math.sin(a));
    rib.castShadow = true;
    ribs.add(rib);
  }
  const handle = rope(
    [
      [0.3, 2.6, 0],
      [0.33, 2.82, 0],
      [0.18, 3.0, 0],
      [-0.18, 3.0, 0],
      [-0.33, 2.82, 0],
      [-0.3, 2.6, 0],
    ],
    0.06,
    paint(loop, 0.7),
  );
  handle.scale.z = 1.9;
  return new THREE.Group().add(foot, lower, wrap, upper, neck, top, ribs, handle);
}

const COATS = {
  trail: {
    lacquer: '#2f6b5a',
    cap: '#22302c',
    loop: '#e0a33a',
    belt: { kind: 'zigzag', colours: ['#f0e6cf', '#d8653a', '#2f6b5a', '#e0a33a'], count: 7 },
  },
  coral: {
    lacquer: '#ef7d6b',
    cap: '#f6efe6',
    loop: '#f6efe6',
    belt: { kind: 'leaves', colours: ['#fbe9df', '#3f7f6a', '#ef7d6b', '#8fae5d'], count: 5 },
  },
  cosmos: {
    lacquer: '#27305a',
    cap: '#c9b26a',
    loop: '#27305a',
    belt: { kind: 'stars', colours: ['#1a2146', '#f2d675', '#f3f1ea', '#8fb3e0'], count: 6 },
  },
  citrus: {
    lacquer: '#f0c53a',
    cap: '#6b4a2c',
    loop: '#6b4a2c',
    belt: { kind: 'dots', colours: ['#fdf6e0', '#ee8a2f', '#7fae3e', '#f0c53a'], count: 5 },
  },
} as const satisfies Record<string, BottleCoat>;

export const bottle: Family<BottleCoat> = {
  coats: COATS,
  stranger(rng: Rng): BottleCoat {
    const palette = rng.pick(PALETTES);
    return {
      lacquer: rng.pick(palette),
      cap: rng.pick(['#22262b', '#f2efe8', '#8a5a3a', '#b9bec4', rng.pick(palette)]),
      loop: rng.pick(palette),
      belt: randomPrint(rng, [
        'stripes',
        'plaid',
        'flowers',
        'waves',
        'hearts',
        'terrazzo',
        'checks',
        'arches',
        'mountains',
        'fish',
        'bands',
        'plain',
      ]),
    };
  },
  build,
};
