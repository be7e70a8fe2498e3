/** Places of wood and stone: tables, counters, shelves, desks, photographic paper. Built around the origin, the back towards -z. */
import * as THREE from 'three';
import type { Rng } from '../random.ts';
import { block, paint, put, solid, thrown } from '../shapes/solids.ts';
import { paintTexture } from '../textures/canvas.ts';
import { paintPrint, randomPrint } from '../textures/prints.ts';
import { boards, marble, tiles } from '../textures/surfaces.ts';
import { floor, plainWall, wall } from './ground.ts';
import { art, papered, seed, WALLS, WOODS } from './room.ts';

export function table(rng: Rng): THREE.Object3D[] {
  const z = -rng.range(3.5, 5.5);
  return [floor(boards(rng.pick(WOODS), 6, seed(rng)), 9, 0.55, 1.2), papered(rng, z), ...art(rng, z)];
}

export function kitchen(rng: Rng): THREE.Object3D[] {
  const z = -rng.range(2.6, 3.6);
  const top = rng.chance(0.6)
    ? marble(
        rng.pick(['#ece9e4', '#3b3d42', '#d9cfc2', '#5c6a66']),
        rng.pick(['#8d8c8a', '#b5a68f', '#c9c3ba']),
        seed(rng),
      )
    : boards(rng.pick(WOODS), 8, seed(rng));
  const glaze = rng.pick(['#e9efec', '#7fa6a0', '#c96f54', '#33586b', '#e6c46a', '#9bb58a', '#d9a9a0']);
  const splash = tiles(glaze, '#d8d4cc', 8, 16, rng.chance(0.6), seed(rng));
  const jars = [-3.2, -2.2, 2.9].map((x) => {
    const lid = paint(rng.pick(WOODS), 0.7);
    const jar = thrown(
      [
        [0, 0],
        [0.45, 0.02],
        [0.48, 0.6],
        [0.45, 1.2],
        [0.36, 1.35],
      ],
      paint(rng.pick(['#d8e0dc', '#c9a36a', '#8a4a34', '#e8e0cc', '#5f7f5a']), 0.25, { clearcoat: 0.8 }),
    );
    const stopper = solid(new THREE.CylinderGeometry(0.4, 0.4, 0.24, 32), lid, [0, 1.45, 0]);
    return put(new THREE.Group().add(jar, stopper), [x, 0, z + 0.6 + rng.range(0, 0.3)]);
  });
  return [floor(top, 11, 0.25, 0.3), wall(splash, z, 8, 0.18, 1.5), ...jars];
}

export function bookshelf(rng: Rng): THREE.Object3D[] {
  const wood = boards(rng.pick(WOODS), 5, seed(rng));
  const out: THREE.Object3D[] = [floor(wood, 8, 0.5, 0.8), plainWall(rng.pick(WALLS), -4.4)];
  for (const base of [0, 5.6]) {
    let x = -12;
    while (x < 12) {
      const [w, h] = [rng.range(0.28, 0.7), rng.range(2.7, 4.2)];
      const cover = paint(
        rng.pick([
          '#7a2e2e',
          '#274060',
          '#3f5e4a',
          '#c9a24a',
          '#e8dcc4',
          '#4a3550',
          '#b5653a',
          '#2a2a30',
          '#8fa3a8',
          '#d8775a',
        ]),
        0.65,
      );
      const book = block([w - 0.03, h, 2.3], cover, [x + w / 2, base + h / 2, -3.1], 0.06);
      if (rng.chance(0.07)) book.rotation.z = -0.16;
      out.push(
        book,
        block(
          [w - 0.02, 0.12, 0.02],
          paint('#d9c07a', 0.4),
          [x + w / 2, base + h * rng.range(0.62, 0.85), -1.94],
          0.004,
        ),
      );
      x += w + (rng.chance(0.06) ? 1.2 : 0);
    }
  }
  out.push(block([40, 0.35, 3], paint(rng.pick(WOODS), 0.6), [0, 5.4, -2.9], 0.03));
  return out;
}

export function desk(rng: Rng): THREE.Object3D[] {
  const z = -4.6;
  const pad = put(
    block(
      [9, 0.06, 5],
      paint(rng.pick(['#3b4a44', '#5a3f34', '#33415c', '#a9a297', '#b5653a']), 0.85),
      [0, -0.028, 0.3],
      0.03,
    ),
    [rng.range(-1, 1), -0.028, 0.3],
    [0, rng.range(-0.1, 0.1), 0],
  );
  const alloy = paint('#b9bec4', 0.35, { metalness: 0.8 });
  const glow = paintTexture(
    512,
    320,
    paintPrint(randomPrint(rng, ['mountains', 'waves', 'arches', 'terrazzo']), rng.seed),
  );
  const lid = new THREE.Group().add(
    block([3.6, 2.4, 0.1], alloy, [0, 1.2, 0], 0.05),
    solid(
      new THREE.PlaneGeometry(3.3, 2.1),
      new THREE.MeshStandardMaterial({
        color: '#000000',
        emissive: '#ffffff',
        emissiveMap: glow,
        emissiveIntensity: 0.75,
      }),
      [0, 1.22, 0.06],
    ),
  );
  const laptop = put(
    new THREE.Group().add(
      block([3.6, 0.12, 2.4], alloy, [0, 0.06, 1.1], 0.05),
      put(lid, [0, 0.1, -0.1], [-0.25, 0, 0]),
    ),
    [rng.pick([-3.2, 3.2]), 0, -2.4],
    [0, rng.range(-0.4, 0.4), 0],
  );
  const frame = paint('#f4f2ec', 0.6);
  const pane = solid(
    new THREE.PlaneGeometry(7, 6),
    new THREE.MeshBasicMaterial({ color: rng.pick(['#cfe3f5', '#f5dfc0', '#dfe9e4']) }),
    [0, 5.4, z + 0.05],
  );
  pane.castShadow = false;
  const bars = [
    block([7.4, 0.4, 0.3], frame, [0, 2.4, z + 0.15]),
    block([0.25, 6, 0.25], frame, [0, 5.4, z + 0.12]),
    block([7.4, 0.3, 0.25], frame, [0, 5.4, z + 0.12]),
  ];
  return [
    floor(boards(rng.pick(WOODS), 4, seed(rng)), 10, 0.4, 0.5),
    plainWall(rng.pick(WALLS), z),
    pad,
    laptop,
    pane,
    ...bars,
  ];
}

/** Seamless paper, as product photographers use. */
export function backdrop(rng: Rng): THREE.Object3D[] {
  const colour = rng.pick([
    '#e7b9a6',
    '#a9c7c9',
    '#efd79a',
    '#c3b5d8',
    '#b7cf9f',
    '#e9e4da',
    '#d98f7a',
    '#7f9fb8',
    '#3f4652',
  ]);
  const profile: THREE.Vector2[] = [new THREE.Vector2(40, 0)];
  for (let i = 0; i <= 16; i++) {
    const a = (i / 16) * (Math.PI / 2);
    profile.push(new THREE.Vector2(-4 - 3 * Math.sin(a), 3 - 3 * Math.cos(a)));
  }
  profile.push(new THREE.Vector2(-7, 40));
  const vertices = profile.flatMap((p) => [-40, p.y, p.x, 40, p.y, p.x]);
  const index: number[] = [];
  for (let i = 0; i < profile.length - 1; i++)
    index.push(2 * i, 2 * i + 1, 2 * i + 2, 2 * i + 1, 2 * i + 3, 2 * i + 2);
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.Float32BufferAttribute(vertices, 3));
  geometry.setIndex(index);
  geometry.computeVertexNormals();
  const paper = solid(
    geometry,
    new THREE.MeshStandardMaterial({ color: colour, roughness: 0.95, side: THREE.DoubleSide }),
  );
  paper.castShadow = false;
  return [paper];
}
