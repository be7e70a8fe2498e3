/** What rooms share: woods, wall colours, wallpaper, skirting, pictures. */
import type * as THREE from 'three';
import type { Rng } from '../random.ts';
import { block, paint } from '../shapes/solids.ts';
import { paintTexture, shade } from '../textures/canvas.ts';
import { paintPrint, randomPrint } from '../textures/prints.ts';
import { grains } from '../textures/surfaces.ts';
import { picture, wall } from './ground.ts';

export const WOODS = ['#b07a46', '#8a5a34', '#d0a878', '#6b4630', '#c79a68', '#a8835a'] as const;

export const WALLS = [
  '#dfe3dc',
  '#cfdad8',
  '#e8d9c4',
  '#c9b8b0',
  '#a9bcc0',
  '#e6c9a8',
  '#8fa39a',
  '#d7a79a',
  '#5f7480',
  '#efe9dd',
] as const;

/** A texture seed. */
export function seed(rng: Rng): number {
  return rng.int(90000);
}

/** Printed wallpaper or plaster. */
export function papered(rng: Rng, z: number): THREE.Mesh {
  if (rng.chance(0.45)) {
    const print = randomPrint(rng, [
      'stripes',
      'dots',
      'leaves',
      'flowers',
      'arches',
      'zigzag',
      'stars',
      'plaid',
    ]);
    const soft = { ...print, colours: print.colours.map((c) => shade(c, 0.45)) };
    const map = paintTexture(1024, 1024, paintPrint({ ...soft, count: 8 }, rng.seed));
    const flat = grains('#808080', '#909090', 8, 0.1, seed(rng));
    flat.map.dispose();
    return wall({ map, bumpMap: flat.bumpMap }, z, 9, 0.95, 0.2);
  }
  const colour = rng.pick(WALLS);
  return wall(grains(shade(colour, -0.06), colour, 5, 0.05, seed(rng)), z, 12, 0.95, 0.6);
}

/** A painted skirting board against a wall at depth z. */
export function skirting(z: number): THREE.Mesh {
  return block([80, 0.9, 0.16], paint('#f1eee6', 0.6), [0, 0.45, z + 0.08], 0.04);
}

/** One or two framed prints on a wall at depth z. */
export function art(rng: Rng, z: number): THREE.Object3D[] {
  const out: THREE.Object3D[] = [];
  for (const x of rng.chance(0.5) ? [-3.4, 2.8] : [rng.range(-3, 3)]) {
    const map = paintTexture(
      384,
      384,
      paintPrint(
        { ...randomPrint(rng, ['mountains', 'arches', 'waves', 'leaves', 'flowers', 'terrazzo']), count: 3 },
        `${rng.seed}${x}`,
      ),
    );
    out.push(
      picture(
        map,
        rng.pick(['#2a2522', '#c9a06a', '#f4f1ea', '#8a5a34']),
        [rng.range(2, 2.8), rng.range(2.4, 3.2)],
        [x, rng.range(4, 5), z + 0.1],
      ),
    );
  }
  return out;
}
