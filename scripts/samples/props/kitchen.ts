/** Things to eat and to serve it in. */
import * as THREE from 'three';
import { ball, group, paint, put, rope, solid, thrown } from '../shapes/solids.ts';
import { INKS, type Prop, printed } from './prop.ts';

const fruit: Prop = (rng) => {
  const kinds = ['#c9302c', '#e8902c', '#7fae3e', '#e8c43a', '#8a3a5f'] as const;
  const out = new THREE.Group();
  for (let i = 0, n = 2 + rng.int(3); i < n; i++) {
    const r = rng.range(0.3, 0.42);
    const a = (i / n) * 2 * Math.PI;
    const skin = paint(rng.pick(kinds), 0.35, { clearcoat: 0.4 });
    const body = thrown(
      [
        [0, 0.12 * r],
        [0.5 * r, 0],
        [0.95 * r, 0.6 * r],
        [0.9 * r, 1.3 * r],
        [0.45 * r, 1.78 * r],
        [0, 1.6 * r],
      ],
      skin,
    );
    const stem = rope(
      [
        [0, 1.6 * r, 0],
        [0.02, 1.9 * r, 0],
        [0.08, 2.1 * r, 0.02],
      ],
      0.025,
      paint('#5a3d22', 0.9),
    );
    out.add(
      put(
        group(body, stem),
        [0.46 * Math.cos(a), 0, 0.46 * Math.sin(a)],
        [rng.range(-0.15, 0.15), rng.range(0, 6), 0],
      ),
    );
  }
  return out;
};

const bananas: Prop = (rng) => {
  const skin = paint('#ecc93a', 0.5);
  const out = new THREE.Group();
  for (let i = 0; i < 3; i++) {
    const z = (i - 1) * 0.2;
    out.add(
      rope(
        [
          [-0.8, 0.42, z * 0.3],
          [-0.5, 0.2, z],
          [0, 0.14, z * 1.3],
          [0.5, 0.22, z],
          [0.8, 0.5, z * 0.6],
        ],
        0.14,
        skin,
      ),
    );
    out.add(
      ball(0.07, paint('#4a3a20', 0.9), [0.82, 0.53, z * 0.6]),
      ball(0.1, paint('#8a7a2c', 0.9), [-0.84, 0.46, z * 0.3]),
    );
  }
  out.rotation.y = rng.range(0, 6);
  return group(out);
};

const teapot: Prop = (rng) => {
  const glaze = new THREE.MeshPhysicalMaterial({ map: printed(rng), roughness: 0.3, clearcoat: 0.8 });
  const plain = paint(rng.pick(INKS), 0.35, { clearcoat: 0.8 });
  return group(
    thrown(
      [
        [0, 0],
        [0.45, 0],
        [0.78, 0.4],
        [0.72, 0.85],
        [0.4, 1.1],
        [0.3, 1.12],
      ],
      glaze,
    ),
    thrown(
      [
        [0.34, 1.1],
        [0.25, 1.22],
        [0.06, 1.28],
        [0.1, 1.36],
        [0, 1.44],
      ],
      plain,
    ),
    rope(
      [
        [0.65, 0.45, 0],
        [0.95, 0.6, 0],
        [1.05, 0.95, 0],
        [1.2, 1.1, 0],
      ],
      0.11,
      plain,
    ),
    rope(
      [
        [-0.6, 0.9, 0],
        [-0.95, 0.95, 0],
        [-1.05, 0.6, 0],
        [-0.7, 0.35, 0],
      ],
      0.08,
      plain,
    ),
  );
};

const donut: Prop = (rng) => {
  const out = new THREE.Group();
  const plateDish = thrown(
    [
      [0, 0.05],
      [0.7, 0.05],
      [0.95, 0.14],
      [0.97, 0.12],
      [0.7, 0],
      [0, 0],
    ],
    paint('#f4f2ee', 0.25, { clearcoat: 0.8 }),
  );
  out.add(plateDish);
  for (let i = 0; i < 2; i++) {
    const dough = solid(new THREE.TorusGeometry(0.36, 0.2, 20, 48), paint('#c98f4f', 0.8));
    const icing = solid(
      new THREE.TorusGeometry(0.36, 0.205, 20, 48),
      paint(rng.pick(['#f0a0b8', '#6b3f2a', '#f4e9d0', '#a8d0c0']), 0.3, { clearcoat: 0.7 }),
      [0, 0, 0.035],
    );
    const one = group(dough, icing);
    for (let k = 0; k < 26; k++) {
      const [a, t] = [rng.range(0, 2 * Math.PI), rng.range(-0.7, 0.7)];
      const r = 0.36 + 0.2 * Math.sin(t);
      one.add(
        put(
          solid(new THREE.CapsuleGeometry(0.015, 0.06, 3, 6), paint(rng.pick(INKS), 0.4)),
          [r * Math.cos(a), r * Math.sin(a), 0.035 + 0.207 * Math.cos(t)],
          [0, 0, rng.range(0, 6)],
        ),
      );
    }
    out.add(put(one, [i ? 0.2 : -0.2, 0.24 + 0.3 * i, i ? 0.1 : -0.05], [-Math.PI / 2 + 0.1 * i, 0, i]));
  }
  return out;
};

const pumpkin: Prop = (rng) => {
  const skin = paint(rng.pick(['#e07a26', '#d8963a', '#c9a86a', '#5f7f4f']), 0.5);
  const out = new THREE.Group();
  for (let i = 0; i < 9; i++) {
    const a = (i / 9) * 2 * Math.PI;
    out.add(ball(0.42, skin, [0.4 * Math.cos(a), 0.5, 0.4 * Math.sin(a)], [0.85, 1.2, 0.85]));
  }
  out.add(
    rope(
      [
        [0, 0.9, 0],
        [0.03, 1.1, 0],
        [0.14, 1.26, 0.03],
      ],
      0.07,
      paint('#6b7a3a', 0.9),
    ),
  );
  return out;
};

export const kitchen: Readonly<Record<string, Prop>> = { fruit, bananas, teapot, donut, pumpkin };
