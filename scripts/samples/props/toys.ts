/** Things to play with, and presents. */
import * as THREE from 'three';
import { ball, block, group, paint, plate, put, rope, solid, turned } from '../shapes/solids.ts';
import { paintTexture } from '../textures/canvas.ts';
import { PALETTES, paintPrint } from '../textures/prints.ts';
import { INKS, type Prop, printed } from './prop.ts';

const beachBall: Prop = (rng) => {
  const palette = rng.pick(PALETTES);
  const map = paintTexture(512, 256, paintPrint({ kind: 'stripes', colours: palette, count: 4 }));
  const r = rng.range(0.5, 0.95);
  const mesh = ball(r, new THREE.MeshPhysicalMaterial({ map, roughness: 0.35, clearcoat: 0.5 }), [0, r, 0]);
  mesh.rotation.set(rng.range(-1, 1), rng.range(0, 6), rng.range(-1, 1));
  return group(mesh);
};

const blocks: Prop = (rng) => {
  const out = new THREE.Group();
  const place = (x: number, y: number, z: number) => {
    const s = 0.52;
    const cube = block([s, s, s], paint(rng.pick(INKS), 0.5), [x, y + s / 2, z], 0.05);
    cube.rotation.y = rng.range(-0.3, 0.3);
    const face = solid(new THREE.CylinderGeometry(0.16, 0.16, 0.02, 24), paint('#f5efe0', 0.6), [
      0,
      0,
      s / 2,
    ]);
    face.rotation.x = Math.PI / 2;
    cube.add(face);
    out.add(cube);
  };
  place(-0.32, 0, 0);
  place(0.32, 0, 0.05);
  if (rng.chance(0.7)) place(0, 0.52, 0);
  if (rng.chance(0.5)) place(0.1, 0, 0.68);
  return out;
};

const rings: Prop = (rng) => {
  const out = group(
    block([1.1, 0.14, 1.1], paint('#e0c392', 0.7), [0, 0.07, 0]),
    turned(
      [
        [0.09, 0],
        [0.08, 1.5],
        [0, 1.54],
      ],
      paint('#e0c392', 0.7),
    ),
  );
  const colours = rng.shuffled(['#d8412f', '#ef8a2c', '#f0c83a', '#5aa84a', '#3a7fc0', '#7a4fa8']);
  for (let i = 0; i < 5; i++) {
    const ring = solid(
      new THREE.TorusGeometry(0.4 - 0.05 * i, 0.14, 16, 40),
      paint(colours[i] as string, 0.4, { clearcoat: 0.3 }),
      [0, 0.28 + 0.245 * i, 0],
    );
    ring.rotation.x = Math.PI / 2;
    out.add(ring);
  }
  return out;
};

const toyCar: Prop = (rng) => {
  const body = paint(rng.pick(INKS), 0.3, { clearcoat: 0.9 });
  const glass = paint('#22303c', 0.1, { clearcoat: 1 });
  const out = group(
    block([1.9, 0.42, 0.9], body, [0, 0.42, 0], 0.16),
    block([1.05, 0.42, 0.8], body, [-0.08, 0.78, 0], 0.16),
    block([0.98, 0.26, 0.82], glass, [-0.08, 0.8, 0], 0.08),
    ball(0.08, paint('#f8efc8', 0.2), [0.93, 0.44, 0.28]),
    ball(0.08, paint('#f8efc8', 0.2), [0.93, 0.44, -0.28]),
  );
  for (const [x, z] of [
    [0.56, 0.42],
    [0.56, -0.42],
    [-0.56, 0.42],
    [-0.56, -0.42],
  ] as const) {
    const wheel = group(
      solid(new THREE.CylinderGeometry(0.24, 0.24, 0.17, 28), paint('#1d1d1f', 0.85)),
      solid(new THREE.CylinderGeometry(0.12, 0.12, 0.19, 20), paint('#cfd2d6', 0.3, { metalness: 0.6 })),
    );
    out.add(put(wheel, [x, 0.24, z], [Math.PI / 2, 0, 0]));
  }
  return out;
};

const gift: Prop = (rng) => {
  const s = rng.range(0.8, 1.2);
  const ribbon = paint(rng.pick(['#c8342f', '#e9c46a', '#f5efe6', '#2a6f97']), 0.4);
  const paper = new THREE.MeshStandardMaterial({ map: printed(rng), roughness: 0.55 });
  const out = group(
    block([s, s * 0.8, s], paper, [0, s * 0.4, 0], 0.02),
    block([0.14, s * 0.81, s + 0.02], ribbon, [0, s * 0.4, 0], 0.02),
    block([s + 0.02, s * 0.81, 0.14], ribbon, [0, s * 0.4, 0], 0.02),
  );
  for (const side of [-1, 1])
    out.add(
      rope(
        [
          [0, s * 0.82, 0],
          [side * 0.25, s * 0.82 + 0.28, 0.05],
          [side * 0.42, s * 0.82 + 0.1, 0],
          [0, s * 0.82, 0],
        ],
        0.06,
        ribbon,
      ),
    );
  return out;
};

const guitar: Prop = (rng) => {
  const wood = paint(rng.pick(['#b5702f', '#8a4a22', '#d8a860']), 0.35, { clearcoat: 0.8 });
  const outline: [number, number][] = [];
  for (let i = 0; i < 60; i++) {
    const a = (i / 60) * 2 * Math.PI;
    const r = 0.62 + 0.12 * Math.cos(2 * a) + 0.1 * Math.sin(-a);
    outline.push([
      r * 0.85 * Math.cos(a) * (1 - 0.18 * Math.exp(-((Math.sin(a) - 0.15) ** 2) * 18)),
      0.75 + 0.95 * r * Math.sin(a),
    ]);
  }
  const body = put(plate(outline, 0.26, wood, 0.03), [0, 0, 0]);
  const hole = put(
    solid(new THREE.CylinderGeometry(0.17, 0.17, 0.02, 32), paint('#1e1510', 0.9)),
    [0, 0.9, 0.165],
    [Math.PI / 2, 0, 0],
  );
  const neck = block([0.15, 1.5, 0.09], paint('#3a2a1e', 0.5), [0, 1.95, 0.15], 0.02);
  const headstock = block([0.26, 0.36, 0.08], wood, [0, 2.82, 0.13], 0.04);
  const bridge = block([0.4, 0.08, 0.06], paint('#2a1d14', 0.6), [0, 0.48, 0.18], 0.02);
  return put(group(body, hole, neck, headstock, bridge), [0, 0, 0], [-0.25, 0, 0]);
};

export const toys: Readonly<Record<string, Prop>> = { beachBall, blocks, rings, toyCar, gift, guitar };
