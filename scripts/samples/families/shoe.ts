/** Sneakers: moulded sole, upper with toe cap, heel counter and a side badge, laces. */
import * as THREE from 'three';
import type { Rng } from '../random.ts';
import { type Blob, box, type CoatAt, cone, ellipsoid, Field } from '../shapes/field.ts';
import { paint, plate, put, rope, solid } from '../shapes/solids.ts';
import { meshField } from '../shapes/surface-nets.ts';
import { BADGES, type Badge, badgeInk } from '../textures/badges.ts';
import { smoothstep } from '../textures/noise.ts';
import type { Family } from './family.ts';

export interface ShoeCoat {
  upper: string;
  toe: string;
  heel: string;
  badge: Badge;
  badgeColour: string;
  sole: string;
  tread: string;
  laces: string;
  lining: string;
}

const OUTLINE: readonly (readonly [number, number])[] = [
  [0, 1.42],
  [0.25, 1.38],
  [0.43, 1.18],
  [0.5, 0.86],
  [0.48, 0.5],
  [0.4, 0.1],
  [0.38, -0.4],
  [0.42, -0.85],
  [0.38, -1.18],
  [0.2, -1.34],
  [0, -1.37],
  [-0.2, -1.34],
  [-0.38, -1.18],
  [-0.42, -0.85],
  [-0.4, -0.4],
  [-0.42, 0.1],
  [-0.48, 0.5],
  [-0.47, 0.86],
  [-0.4, 1.18],
  [-0.23, 1.38],
];

function slab(grow: number, height: number, y: number, colour: string, roughness: number): THREE.Mesh {
  const curve = new THREE.CatmullRomCurve3(
    OUTLINE.map(([x, z]) => new THREE.Vector3(x, z, 0)),
    true,
  );
  const outline = curve
    .getPoints(80)
    .slice(0, -1)
    .map((p): [number, number] => [p.x * (1 + grow), p.y * (1 + grow * 0.4)]);
  // The plate lies in (x, y); turned to lie flat its y becomes +z (the toe).
  return put(
    plate(outline, height - 0.06, paint(colour, roughness), 0.03),
    [0, y + height / 2, 0],
    [Math.PI / 2, 0, 0],
  );
}

function volumes(root: THREE.Object3D): Blob[] {
  const tongue = new THREE.Object3D();
  tongue.position.set(0, 1.0, -0.02);
  tongue.rotation.x = -0.72;
  root.add(tongue);
  return [
    ellipsoid('upper', root, [0, 0.3, 0.78], [0.44, 0.34, 0.6], 0.05),
    cone('upper', root, [0, 0.42, 0.5], [0, 0.6, -0.2], 0.36, 0.38, 0.2),
    cone('upper', root, [0, 0.5, -0.85], [0, 0.5, -0.3], 0.42, 0.4, 0.2),
    ellipsoid('upper', root, [0, 0.9, -0.72], [0.4, 0.45, 0.56], 0.2),
    { ...ellipsoid('lining', root, [0, 1.24, -0.68], [0.29, 0.62, 0.42], 0.06), cut: true },
    { ...box('lining', root, [0, -0.35, 0], [2, 0.5, 3], 0.01, 0.02), cut: true },
    { ...box('lining', root, [0, 1.75, -0.9], [1, 0.55, 1.4], 0.1, 0.08), cut: true },
    box('tongue', tongue, [0, 0.1, 0], [0.25, 0.34, 0.05], 0.05, 0.04),
  ];
}

function painter(coat: ShoeCoat): CoatAt {
  const c = Object.fromEntries(
    (['upper', 'toe', 'heel', 'badgeColour', 'lining', 'laces'] as const).map((k) => [
      k,
      new THREE.Color(coat[k]),
    ]),
  ) as Record<'upper' | 'toe' | 'heel' | 'badgeColour' | 'lining' | 'laces', THREE.Color>;
  return (part, p, out) => {
    if (part === 'lining') {
      out.copy(c.lining);
      return;
    }
    out.copy(c.upper);
    if (part === 'tongue') {
      out.lerp(c.heel, 0.75);
      return;
    }
    const side = smoothstep(0.2, 0.24, Math.abs(p.x));
    out.lerp(
      c.badgeColour,
      side *
        badgeInk(coat.badge, p.z - 0.02, p.y - 0.5) *
        smoothstep(-0.62, -0.58, p.z) *
        (1 - smoothstep(0.58, 0.62, p.z)),
    );
    out.lerp(c.toe, smoothstep(0.86, 0.88, p.z + 0.5 * (0.42 - p.y) * 0.5 - 0.35 * p.x * p.x));
    out.lerp(c.heel, smoothstep(0.93, 0.95, -p.z + 0.12 * Math.cos(4 * p.y)));
    const seamLine = Math.abs(p.z + 0.5 * (0.42 - p.y) * 0.5 - 0.35 * p.x * p.x - 0.86);
    out.multiplyScalar(1 - 0.35 * (1 - smoothstep(0.012, 0.02, seamLine)));
  };
}

/** Crossed laces over the instep; heights are read from the surface. */
function laces(field: Field, colour: string): THREE.Object3D[] {
  const cord = paint(colour, 0.8);
  const top = (x: number, z: number): number => {
    let y = 1.5;
    while (y > 0.2 && field.distance(x, y, z) > 0) y -= 0.01;
    return y;
  };
  const rows = [0.56, 0.4, 0.24, 0.08, -0.06];
  const out: THREE.Object3D[] = [];
  const eyelet = paint('#d7d9dc', 0.3, { metalness: 0.8 });
  rows.forEach((z, i) => {
    const w = 0.2 + 0.012 * i;
    for (const side of [-1, 1]) {
      const ring = solid(new THREE.TorusGeometry(0.035, 0.014, 8, 18), eyelet, [
        side * w,
        top(side * w, z) + 0.005,
        z,
      ]);
      ring.rotation.set(-Math.PI / 2, side * 0.7, 0);
      out.push(ring);
      const next = rows[i + 1] ?? z - 0.05;
      const points = [-1, -0.5, 0, 0.5, 1].map((t): [number, number, number] => {
        const x = side * t * w;
        const zz = z + ((t + 1) / 2) * (next - z);
        return [x, top(x, zz) + 0.03, zz];
      });
      out.push(rope(points, 0.032, cord));
    }
  });
  const z = -0.08;
  const y = top(0, z) + 0.05;
  for (const side of [-1, 1]) {
    out.push(
      rope(
        [
          [0, y, z],
          [side * 0.16, y + 0.1, z + 0.05],
          [side * 0.33, y + 0.02, z + 0.1],
          [side * 0.2, y - 0.03, z + 0.08],
          [0, y, z],
        ],
        0.03,
        cord,
      ),
    );
    out.push(
      rope(
        [
          [0, y, z],
          [side * 0.12, y + 0.02, z + 0.14],
          [side * 0.24, y - 0.1, z + 0.26],
        ],
        0.03,
        cord,
      ),
    );
  }
  return out;
}

function build(coat: ShoeCoat): THREE.Object3D {
  const root = new THREE.Object3D();
  const field = new Field(volumes(root));
  const geometry = meshField(field, { cell: 0.026, coat: painter(coat), softness: 0.012 });
  const canvas = new THREE.MeshPhysicalMaterial({ vertexColors: true, roughness: 0.75, sheen: 0.25 });
  const welt = slab(-0.004, 0.035, 0.17, coat.tread, 0.6);
  const shoe = new THREE.Group().add(
    solid(geometry, canvas),
    slab(-0.01, 0.2, 0.06, coat.sole, 0.55),
    slab(-0.02, 0.09, 0, coat.tread, 0.7),
    welt,
    ...laces(field, coat.laces),
  );
  return shoe;
}

const COATS = {
  comet: {
    upper: '#2c4f8c',
    toe: '#f3eee2',
    heel: '#e8b13a',
    badge: 'star',
    badgeColour: '#f4d06a',
    sole: '#f6f2e8',
    tread: '#d8502f',
    laces: '#f6f2e8',
    lining: '#d9c9a8',
  },
  fern: {
    upper: '#3f7d5a',
    toe: '#3f7d5a',
    heel: '#23402f',
    badge: 'wave',
    badgeColour: '#f2ede0',
    sole: '#f2ede0',
    tread: '#a8743f',
    laces: '#f2ede0',
    lining: '#e4dcc8',
  },
  cherry: {
    upper: '#c23038',
    toe: '#f5f0e6',
    heel: '#20242c',
    badge: 'bars',
    badgeColour: '#f5f0e6',
    sole: '#f5f0e6',
    tread: '#20242c',
    laces: '#20242c',
    lining: '#e8e0d2',
  },
  dune: {
    upper: '#d9c3a0',
    toe: '#a97f54',
    heel: '#a97f54',
    badge: 'chevron',
    badgeColour: '#6b4a33',
    sole: '#efe6d3',
    tread: '#6b4a33',
    laces: '#6b4a33',
    lining: '#8a6f55',
  },
} as const satisfies Record<string, ShoeCoat>;

const UPPERS = [
  '#1f2228',
  '#f2f0ea',
  '#7a4fa0',
  '#e88aa0',
  '#3a9aa8',
  '#e88a2f',
  '#8a8f96',
  '#b8cf4a',
  '#5a3a2c',
] as const;

export const shoe: Family<ShoeCoat> = {
  coats: COATS,
  stranger(rng: Rng): ShoeCoat {
    const upper = rng.pick(UPPERS);
    const other = rng.pick(UPPERS.filter((c) => c !== upper));
    const pale = rng.pick(['#f5f1e8', '#e6e2d8', '#2a2c30', other]);
    return {
      upper,
      toe: rng.pick([upper, other, '#f2eee4']),
      heel: other,
      badge: rng.pick(BADGES),
      badgeColour: rng.pick([other, '#f4f0e6']),
      sole: pale,
      tread: rng.pick(['#b57a45', '#2a2c30', other]),
      laces: rng.pick(['#f5f1e8', '#22242a', other]),
      lining: rng.pick(['#d8cbb2', '#555a62', '#c98a7a']),
    };
  },
  build,
};
