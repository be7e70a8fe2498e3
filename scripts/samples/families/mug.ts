/** Glazed mugs: one form, many prints. */
import * as THREE from 'three';
import type { Rng } from '../random.ts';
import { paint, rope, solid, thrown } from '../shapes/solids.ts';
import { paintTexture } from '../textures/canvas.ts';
import { type Print, paintPrint, randomPrint } from '../textures/prints.ts';
import type { Family } from './family.ts';

export interface MugCoat {
  print: Print;
  inside: string;
  handle: string;
}

const GLAZE = { clearcoat: 0.85, clearcoatRoughness: 0.12 };

function build({ print, inside, handle }: MugCoat): THREE.Object3D {
  const map = paintTexture(1024, 420, paintPrint(print, `mug-${print.kind}`));
  const wall = thrown(
    [
      [0.7, 0.13],
      [0.735, 0.4],
      [0.74, 0.8],
      [0.74, 1.2],
      [0.745, 1.52],
    ],
    new THREE.MeshPhysicalMaterial({ map, roughness: 0.35, ...GLAZE }),
  );
  const foot = thrown(
    [
      [0, 0],
      [0.55, 0],
      [0.64, 0.03],
      [0.697, 0.15],
    ],
    paint(handle, 0.4, GLAZE),
  );
  const bowl = thrown(
    [
      [0.66, 1.52],
      [0.66, 0.8],
      [0.62, 0.26],
      [0.4, 0.14],
      [0, 0.13],
    ],
    paint(inside, 0.3, { ...GLAZE, side: THREE.DoubleSide }),
  );
  const lip = solid(new THREE.TorusGeometry(0.702, 0.045, 16, 72), paint(handle, 0.3, GLAZE), [0, 1.52, 0]);
  lip.rotation.x = Math.PI / 2;
  const grip = rope(
    [
      [0.7, 1.22, 0],
      [0.9, 1.3, 0],
      [1.13, 1.16, 0],
      [1.17, 0.82, 0],
      [1.02, 0.52, 0],
      [0.7, 0.4, 0],
    ],
    0.105,
    paint(handle, 0.35, GLAZE),
  );
  grip.scale.z = 1.35;
  return new THREE.Group().add(wall, foot, bowl, lip, grip);
}

const COATS = {
  alpine: {
    print: { kind: 'mountains', colours: ['#bfe0ea', '#7d9fb5', '#3f6f86', '#22455c', '#f6b64a'], count: 4 },
    inside: '#f4efe4',
    handle: '#22455c',
  },
  meadow: {
    print: { kind: 'flowers', colours: ['#f7f0df', '#d8573f', '#7a5ba6', '#e8a23c'], count: 6 },
    inside: '#d8573f',
    handle: '#f2e8d2',
  },
  lagoon: {
    print: { kind: 'fish', colours: ['#e8f3f1', '#ef7f52', '#2a8f97', '#f0b43f'], count: 5 },
    inside: '#2a8f97',
    handle: '#2a8f97',
  },
  bistro: {
    print: { kind: 'bands', colours: ['#f5efe2', '#b3282d', '#1f3a5f'], count: 5 },
    inside: '#f5efe2',
    handle: '#b3282d',
  },
} as const satisfies Record<string, MugCoat>;

export const mug: Family<MugCoat> = {
  coats: COATS,
  stranger(rng: Rng): MugCoat {
    const print = randomPrint(rng, [
      'stripes',
      'dots',
      'plaid',
      'zigzag',
      'stars',
      'leaves',
      'waves',
      'hearts',
      'terrazzo',
      'checks',
      'arches',
      'plain',
    ]);
    return { print, inside: rng.pick(print.colours), handle: rng.pick(print.colours) };
  },
  build,
};
