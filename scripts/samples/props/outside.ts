/** Things from gardens, streets and cellars. */
import * as THREE from 'three';
import { ball, block, group, paint, put, rope, solid, thrown, turned } from '../shapes/solids.ts';
import { paintTexture } from '../textures/canvas.ts';
import { paintPrint, randomPrint } from '../textures/prints.ts';
import { INKS, type Prop } from './prop.ts';

const cactus: Prop = (rng) => {
  const green = paint(rng.pick(['#4f8a4b', '#6b9a52', '#3f7a5c']), 0.8);
  const trunk = solid(new THREE.CapsuleGeometry(0.26, 0.9, 8, 24), green, [0, 1.25, 0]);
  const arm = rope(
    [
      [0, 1.1, 0],
      [0.45, 1.15, 0],
      [0.5, 1.5, 0],
      [0.5, 1.7, 0],
    ],
    0.14,
    green,
  );
  const other = rope(
    [
      [0, 1.35, 0],
      [-0.4, 1.4, 0],
      [-0.44, 1.7, 0],
    ],
    0.12,
    green,
  );
  const pot = thrown(
    [
      [0.3, 0],
      [0.36, 0.05],
      [0.46, 0.6],
      [0.46, 0.66],
      [0, 0.64],
    ],
    paint(rng.pick(INKS), 0.7),
  );
  const flower = ball(0.12, paint('#e86a92', 0.6), [0, 2.0, 0], [1, 0.7, 1]);
  return group(
    pot,
    trunk,
    arm,
    other,
    flower,
    ball(0.145, green, [0.5, 1.72, 0]),
    ball(0.125, green, [-0.44, 1.72, 0]),
  );
};

const mushroom: Prop = (rng) => {
  const out = new THREE.Group();
  for (let i = 0; i < 3; i++) {
    const s = [1, 0.65, 0.5][i] as number;
    const cap = thrown(
      [
        [0, 1.35],
        [0.4, 1.28],
        [0.68, 1.0],
        [0.72, 0.85],
        [0.5, 0.84],
        [0.14, 0.9],
      ],
      paint(rng.pick(['#c8342f', '#b5803a', '#8a5a3a']), 0.45, { clearcoat: 0.3 }),
    );
    const one = group(
      thrown(
        [
          [0.2, 0],
          [0.24, 0.1],
          [0.15, 0.6],
          [0.14, 0.95],
        ],
        paint('#f1e7d2', 0.8),
      ),
      cap,
    );
    for (let k = 0; k < 9; k++) {
      const a = k * 2.4;
      const r = 0.12 + 0.06 * k;
      one.add(
        ball(
          0.055,
          paint('#f8f3e6', 0.8),
          [r * Math.cos(a), 1.36 - 0.55 * r * r * 1.3, r * Math.sin(a)],
          [1, 0.5, 1],
        ),
      );
    }
    out.add(
      put(
        one,
        [
          [0, 0, 0],
          [0.75, 0, 0.3],
          [-0.55, 0, 0.5],
        ][i] as [number, number, number],
        [0, i, 0],
        s,
      ),
    );
  }
  return out;
};

const stones: Prop = (rng) => {
  const out = new THREE.Group();
  for (let i = 0; i < 4; i++) {
    const r = rng.range(0.25, 0.6);
    const geometry = new THREE.IcosahedronGeometry(r, 4);
    const position = geometry.attributes.position as THREE.BufferAttribute;
    const [a, b, c] = [rng.range(0, 9), rng.range(0, 9), rng.range(0, 9)];
    for (let k = 0; k < position.count; k++) {
      const [x, y, z] = [position.getX(k), position.getY(k), position.getZ(k)];
      const s =
        1 + 0.12 * Math.sin((x * 4) / r + a) * Math.cos((y * 3) / r + b) + 0.08 * Math.sin((z * 5) / r + c);
      position.setXYZ(k, x * s, y * s * 0.7, z * s);
    }
    geometry.computeVertexNormals();
    out.add(
      solid(geometry, paint(rng.pick(['#8d8a84', '#6f6a64', '#a39b8c', '#7c8288']), 0.9), [
        rng.range(-0.7, 0.7),
        r * 0.55,
        rng.range(-0.7, 0.7),
      ]),
    );
  }
  return out;
};

const carton: Prop = (rng) => {
  const s: [number, number, number] = [rng.range(0.9, 1.6), rng.range(0.7, 1.3), rng.range(0.8, 1.2)];
  const card = paint('#b98d5c', 0.9);
  return group(
    block(s, card, [0, s[1] / 2, 0], 0.02),
    block([0.2, 0.01, s[2] + 0.01], paint('#d8c29a', 0.5), [0, s[1] + 0.003, 0], 0.004),
    block([0.5, 0.34, 0.01], paint('#f1ede4', 0.8), [0.1, s[1] * 0.6, s[2] / 2 + 0.004], 0.004),
    block([0.3, 0.04, 0.01], paint('#333333', 0.8), [0.05, s[1] * 0.6 + 0.06, s[2] / 2 + 0.01], 0.004),
    block([0.36, 0.03, 0.01], paint('#333333', 0.8), [0.08, s[1] * 0.6 - 0.04, s[2] / 2 + 0.01], 0.004),
  );
};

const cone: Prop = () =>
  group(
    block([1.1, 0.08, 1.1], paint('#d85a26', 0.6), [0, 0.04, 0], 0.03),
    turned(
      [
        [0.42, 0.08],
        [0.33, 0.5],
      ],
      paint('#e8642a', 0.5),
    ),
    turned(
      [
        [0.33, 0.5],
        [0.24, 0.9],
      ],
      paint('#f4f1ea', 0.5),
    ),
    turned(
      [
        [0.24, 0.9],
        [0.08, 1.6],
        [0.05, 1.62],
        [0, 1.62],
      ],
      paint('#e8642a', 0.5),
    ),
  );

const umbrella: Prop = (rng) => {
  const map = paintTexture(
    512,
    256,
    paintPrint(randomPrint(rng, ['stripes', 'dots', 'hearts', 'stars', 'plaid', 'flowers'])),
  );
  const canopy = thrown(
    [
      [1.5, 0],
      [1.3, 0.42],
      [0.8, 0.75],
      [0, 0.9],
    ],
    new THREE.MeshStandardMaterial({ map, roughness: 0.7, side: THREE.DoubleSide }),
  );
  const stick = rope(
    [
      [0, 0.9, 0],
      [0, -0.8, 0],
      [0, -1.1, 0],
      [0.15, -1.25, 0],
      [0.3, -1.1, 0],
    ],
    0.05,
    paint('#5a3a22', 0.5),
  );
  return group(put(group(canopy, stick), [0, 1.15, 0], [-1.15, 0, 0]));
};

export const outside: Readonly<Record<string, Prop>> = { cactus, mushroom, stones, carton, cone, umbrella };
