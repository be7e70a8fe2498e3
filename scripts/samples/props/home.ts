/** Things of living rooms and desks. */
import * as THREE from 'three';
import { ball, block, group, paint, put, rope, solid, thrown, turned } from '../shapes/solids.ts';
import { shade } from '../textures/canvas.ts';
import { INKS, type Prop, printed } from './prop.ts';

const books: Prop = (rng) => {
  const pile = new THREE.Group();
  let y = 0;
  for (let i = 0, n = 2 + rng.int(3); i < n; i++) {
    const [w, h, d] = [rng.range(1.3, 1.9), rng.range(0.16, 0.32), rng.range(1, 1.35)];
    const cover = paint(rng.pick(INKS), 0.6);
    const book = group(
      block([w, 0.04, d], cover, [0, h - 0.02, 0], 0.015),
      block([w, 0.04, d], cover, [0, 0.02, 0], 0.015),
      block([0.05, h, d], cover, [-w / 2 + 0.02, h / 2, 0], 0.02),
      block([w - 0.1, h - 0.07, d - 0.08], paint('#efe7d3', 0.9), [0.01, h / 2, 0], 0.01),
    );
    pile.add(put(book, [rng.range(-0.08, 0.08), y, rng.range(-0.08, 0.08)], [0, rng.range(-0.4, 0.4), 0]));
    y += h;
  }
  return pile;
};

const lamp: Prop = (rng) => {
  const metal = paint(rng.pick(['#c9a24a', '#2a2c30', '#b9bec4']), 0.35, { metalness: 0.7 });
  const shadeMap = new THREE.MeshStandardMaterial({
    color: rng.pick(['#f6e7c8', '#e9c9a8', '#cfe0d8']),
    emissive: '#ffca80',
    emissiveIntensity: 0.5,
    roughness: 0.9,
    side: THREE.DoubleSide,
  });
  return group(
    turned(
      [
        [0, 0],
        [0.5, 0],
        [0.5, 0.06],
        [0.1, 0.12],
        [0.06, 0.3],
        [0.06, 1.6],
        [0, 1.6],
      ],
      metal,
    ),
    turned(
      [
        [0.75, 1.4],
        [0.42, 2.3],
      ],
      shadeMap,
    ),
  );
};

const vase: Prop = (rng) => {
  const w = rng.range(0.32, 0.5);
  const map = printed(rng);
  const body = thrown(
    [
      [w * 0.6, 0],
      [w, 0.4],
      [w * 1.05, 0.75],
      [w * 0.5, 1.2],
      [w * 0.42, 1.4],
      [w * 0.6, 1.55],
    ],
    new THREE.MeshPhysicalMaterial({ map, roughness: 0.3, clearcoat: 0.8, side: THREE.DoubleSide }),
  );
  const out = group(body);
  const petal = rng.pick(INKS);
  for (let i = 0; i < 5; i++) {
    const a = i * 2.4;
    const [x, z, y] = [0.36 * Math.cos(a), 0.36 * Math.sin(a), rng.range(2, 2.5)];
    out.add(
      rope(
        [
          [0, 1.1, 0],
          [x * 0.4, 1.7, z * 0.4],
          [x, y, z],
        ],
        0.02,
        paint('#4f7a3a', 0.8),
      ),
    );
    for (let k = 0; k < 6; k++) {
      const b = (k / 6) * 2 * Math.PI;
      out.add(
        ball(0.11, paint(petal, 0.7), [x + 0.13 * Math.cos(b), y, z + 0.13 * Math.sin(b)], [1, 0.5, 1]),
      );
    }
    out.add(ball(0.08, paint('#f0c83a', 0.8), [x, y + 0.04, z]));
  }
  return out;
};

const pencils: Prop = (rng) => {
  const out = group(
    thrown(
      [
        [0, 0.02],
        [0.38, 0],
        [0.4, 0.5],
        [0.4, 1.0],
        [0.36, 1.0],
        [0.36, 0.1],
        [0, 0.08],
      ],
      new THREE.MeshStandardMaterial({ map: printed(rng), roughness: 0.5, side: THREE.DoubleSide }),
    ),
  );
  for (let i = 0; i < 7; i++) {
    const a = i * 2.4;
    const pencil = group(
      turned(
        [
          [0.045, 0],
          [0.045, 1.3],
        ],
        paint(rng.pick(INKS), 0.5),
      ),
      turned(
        [
          [0.045, 1.3],
          [0.012, 1.42],
        ],
        paint('#e0c08a', 0.8),
      ),
      turned(
        [
          [0.012, 1.42],
          [0, 1.46],
        ],
        paint('#2a2a2a', 0.6),
      ),
    );
    out.add(
      put(pencil, [0.12 * Math.cos(a), 0.1, 0.12 * Math.sin(a)], [0.2 * Math.sin(a), 0, -0.2 * Math.cos(a)]),
    );
  }
  return out;
};

const clock: Prop = (rng) => {
  const rim = paint(rng.pick(INKS), 0.4, { clearcoat: 0.5 });
  const out = group(
    put(solid(new THREE.CylinderGeometry(0.75, 0.75, 0.3, 56), rim), [0, 0.86, 0], [Math.PI / 2, 0, 0]),
    put(
      solid(new THREE.CylinderGeometry(0.64, 0.64, 0.02, 56), paint('#f7f2e6', 0.5)),
      [0, 0.86, 0.16],
      [Math.PI / 2, 0, 0],
    ),
    block([0.05, 0.4, 0.02], paint('#222222', 0.5), [0, 1.04, 0.18], 0.01),
    put(block([0.05, 0.3, 0.02], paint('#222222', 0.5), [0, 0, 0], 0.01), [0.12, 0.92, 0.19], [0, 0, -1.1]),
  );
  for (let i = 0; i < 12; i++) {
    const a = (i / 12) * 2 * Math.PI;
    out.add(
      put(
        block([0.035, 0.1, 0.02], paint('#444444', 0.5), [0, 0, 0], 0.005),
        [0.55 * Math.sin(a), 0.86 + 0.55 * Math.cos(a), 0.175],
        [0, 0, -a],
      ),
    );
  }
  for (const side of [-1, 1])
    out.add(put(block([0.12, 0.3, 0.16], rim), [side * 0.45, 0.14, 0], [0, 0, side * 0.4]));
  return out;
};

const cushion: Prop = (rng) => {
  const map = printed(rng);
  const pillow = ball(1, new THREE.MeshPhysicalMaterial({ map, roughness: 0.9, sheen: 0.5 }), [0, 0.85, 0]);
  const position = pillow.geometry.attributes.position as THREE.BufferAttribute;
  const uv = pillow.geometry.attributes.uv as THREE.BufferAttribute;
  for (let i = 0; i < position.count; i++) {
    const [x, y, z] = [position.getX(i), position.getY(i), position.getZ(i)];
    const square = (t: number) => Math.sign(t) * Math.abs(t) ** 0.55;
    position.setXYZ(
      i,
      square(x) * 0.95,
      square(y) * 0.95,
      z * 0.34 * (1 - 0.5 * Math.max(Math.abs(x), Math.abs(y)) ** 6),
    );
    uv.setXY(i, 0.5 + square(x) * 0.5, 0.5 + square(y) * 0.5);
  }
  pillow.geometry.computeVertexNormals();
  pillow.rotation.x = -0.35;
  return group(pillow);
};

const candle: Prop = (rng) =>
  group(
    thrown(
      [
        [0, 0],
        [0.55, 0],
        [0.6, 0.08],
        [0.3, 0.1],
        [0, 0.1],
      ],
      paint('#c9a24a', 0.35, { metalness: 0.7 }),
    ),
    turned(
      [
        [0.24, 0.1],
        [0.24, 1.0],
        [0.2, 1.04],
        [0, 1.0],
      ],
      paint(rng.pick(['#f3ead6', '#c8553d', '#7fa193', '#d8a0a8']), 0.5),
    ),
    turned(
      [
        [0.015, 1.0],
        [0.012, 1.14],
      ],
      paint('#2a2420', 0.9),
    ),
  );

const plant: Prop = (rng) => {
  const pot = thrown(
    [
      [0.34, 0],
      [0.42, 0.1],
      [0.54, 0.75],
      [0.58, 0.8],
      [0.58, 0.9],
      [0.5, 0.9],
      [0.48, 0.78],
      [0, 0.76],
    ],
    rng.chance(0.5)
      ? paint('#b8623f', 0.85)
      : new THREE.MeshStandardMaterial({ map: printed(rng), roughness: 0.6 }),
  );
  const out = group(pot);
  const green = rng.pick(['#3f7d3a', '#5b8f3f', '#2f6b4f', '#7fa14a']);
  const blade = new THREE.SphereGeometry(1, 14, 10);
  for (let i = 0, n = 16 + rng.int(12); i < n; i++) {
    const leaf = solid(blade, paint(shade(green, rng.range(-0.2, 0.25)), 0.55));
    const [a, lean, length] = [i * 2.4, rng.range(0.15, 1.05), rng.range(0.5, 0.85)];
    leaf.scale.set(0.13, length * 0.5, 0.03);
    const stem = group(put(leaf, [0, length * 0.6, 0]));
    out.add(put(stem, [0, 0.8, 0], [0, a, 0]));
    leaf.position.set(0, length * 0.55 * Math.cos(lean), length * 0.55 * Math.sin(lean));
    leaf.rotation.x = lean;
  }
  return out;
};

export const home: Readonly<Record<string, Prop>> = {
  books,
  lamp,
  vase,
  pencils,
  clock,
  cushion,
  candle,
  plant,
};
