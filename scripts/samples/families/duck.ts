/** Bath ducks of shiny vinyl: body, wings, beak; coats differ in colour, markings and scarf. */
import * as THREE from 'three';
import type { Stance } from '../plan/types.ts';
import type { Rng } from '../random.ts';
import { type Blob, type CoatAt, cone, ellipsoid, Field } from '../shapes/field.ts';
import { ball, paint, rope, solid } from '../shapes/solids.ts';
import { meshField } from '../shapes/surface-nets.ts';
import { type AnimalCoat, coatPainter } from '../textures/coats.ts';
import type { Family } from './family.ts';
import { onSurface } from './quadruped.ts';

export interface DuckCoat extends AnimalCoat {
  beak: string;
  wing: string;
}

function volumes(root: THREE.Object3D, head: THREE.Object3D): Blob[] {
  const body = new THREE.Object3D();
  body.position.set(0, 0.62, -0.05);
  root.add(body, head);
  const wings = [-1, 1].map((side) => {
    const wing = new THREE.Object3D();
    wing.position.set(side * 0.66, 0.7, -0.12);
    wing.rotation.set(-0.28, side * -0.16, side * 0.3);
    root.add(wing);
    return ellipsoid('wing', wing, [0, 0, 0], [0.15, 0.3, 0.5], 0.05);
  });
  return [
    ellipsoid('body', body, [0, 0, 0], [0.74, 0.6, 0.92], 0.1),
    cone('body', body, [0, 0.12, -0.7], [0, 0.55, -1.08], 0.3, 0.06, 0.25),
    ...wings,
    cone('body', root, [0, 0.85, 0.3], [0, 1.35, 0.42], 0.4, 0.36, 0.2),
    ellipsoid('head', head, [0, 0, 0], [0.5, 0.48, 0.49], 0.12),
    ellipsoid('head', head, [0, 0.46, -0.1], [0.06, 0.16, 0.1], 0.12),
    ellipsoid('beak', head, [0, -0.06, 0.52], [0.25, 0.075, 0.27], 0.04),
    ellipsoid('beak', head, [0, -0.15, 0.47], [0.19, 0.055, 0.21], 0.03),
  ];
}

function build(coat: DuckCoat, stance: Stance): THREE.Object3D {
  const root = new THREE.Object3D();
  const head = new THREE.Object3D();
  head.position.set(0, 1.56, 0.44);
  head.rotation.set((-stance.headPitch * Math.PI) / 360, (stance.headYaw * Math.PI) / 180, 0, 'YXZ');
  const field = new Field(volumes(root, head));
  const plumage = coatPainter(coat);
  const [beak, wing] = [new THREE.Color(coat.beak), new THREE.Color(coat.wing)];
  const painter: CoatAt = (part, p, out) => {
    if (part === 'beak') out.copy(beak);
    else if (part === 'wing' && coat.pattern !== 'spots') out.copy(wing);
    else plumage(part, p, out);
  };
  const geometry = meshField(field, { cell: 0.024, coat: painter, softness: 0.012 });
  const vinyl = new THREE.MeshPhysicalMaterial({
    vertexColors: true,
    roughness: 0.42,
    clearcoat: 0.55,
    clearcoatRoughness: 0.22,
  });
  const duck = new THREE.Group().add(solid(geometry, vinyl));
  for (const side of [-1, 1]) {
    const { at, out } = onSurface(field, head, [side * 0.42, 0.2, 0.75]);
    const white = ball(0.115, paint('#fbfaf5', 0.3), [0, 0, 0], [1, 1.15, 0.35]);
    const pupil = ball(0.072, paint(coat.eye, 0.15, { clearcoat: 1 }), [0, -0.01, 0.035], [1, 1.15, 0.35]);
    const glint = ball(0.02, new THREE.MeshBasicMaterial({ color: '#ffffff' }), [-0.02, 0.03, 0.06]);
    glint.castShadow = false;
    const eye = new THREE.Group().add(white, pupil, glint);
    eye.position.copy(at);
    eye.quaternion.setFromUnitVectors(new THREE.Vector3(0, 0, 1), out);
    duck.add(eye);
  }
  if (coat.collar) duck.add(...scarf(coat.collar));
  return duck;
}

function scarf(colour: string): THREE.Object3D[] {
  const wool = paint(colour, 0.85, { sheen: 0.6 });
  const ring: [number, number, number][] = Array.from({ length: 16 }, (_, i) => {
    const a = (i / 16) * 2 * Math.PI;
    return [0.43 * Math.cos(a), 1.16 - 0.06 * Math.sin(a), 0.39 + 0.43 * Math.sin(a)];
  });
  const end = rope(
    [
      [0.2, 1.12, 0.8],
      [0.27, 0.95, 0.92],
      [0.29, 0.74, 0.98],
    ],
    0.085,
    wool,
  );
  return [rope(ring, 0.105, wool, true), ball(0.13, wool, [0.2, 1.13, 0.8]), end];
}

const COATS = {
  sunny: {
    pattern: 'spots',
    base: '#f7c92d',
    second: '#d8402c',
    belly: '#f7c92d',
    ears: '#f7c92d',
    muzzle: '#f7c92d',
    nose: '#e8742a',
    beak: '#ee7a25',
    wing: '#f2b91f',
    eye: '#1a1613',
    scale: 3.1,
    seed: 8,
    collar: '#2f6fb0',
  },
  plum: {
    pattern: 'rings',
    base: '#7a4fa3',
    second: '#e9dff2',
    belly: '#7a4fa3',
    ears: '#7a4fa3',
    muzzle: '#7a4fa3',
    nose: '#e8a62a',
    beak: '#f0b02f',
    wing: '#5c3585',
    eye: '#1a1613',
    scale: 2.1,
    seed: 3,
  },
  mallard: {
    pattern: 'saddle',
    base: '#8f7f68',
    second: '#2f6b4a',
    belly: '#e7e2d5',
    ears: '#8f7f68',
    muzzle: '#8f7f68',
    nose: '#e0b22c',
    beak: '#e3b62f',
    wing: '#5d6f8c',
    eye: '#15120f',
    scale: 1.6,
    seed: 14,
    collar: '#f4f1ea',
  },
  sky: {
    pattern: 'patches',
    base: '#6fb7dd',
    second: '#f6f6f2',
    belly: '#6fb7dd',
    ears: '#6fb7dd',
    muzzle: '#6fb7dd',
    nose: '#f29a3f',
    beak: '#f08a3c',
    wing: '#3f8fc0',
    eye: '#14161a',
    scale: 1.4,
    seed: 6,
  },
} as const satisfies Record<string, DuckCoat>;

const BASES = [
  '#f0d768',
  '#e88aa5',
  '#7cc39a',
  '#f4f1ea',
  '#3d3f45',
  '#e8894a',
  '#5fa8a0',
  '#b9d36a',
] as const;
const SECONDS = ['#2f4a7a', '#f6f3ea', '#33302e', '#3f8f6a', '#8a3f86', '#f0c040'] as const;

export const duck: Family<DuckCoat> = {
  coats: COATS,
  stranger(rng: Rng): DuckCoat {
    const [base, second] = [rng.pick(BASES), rng.pick(SECONDS)];
    const pattern = rng.pick(['plain', 'patches', 'stripes', 'rings', 'saddle', 'spots'] as const);
    return {
      pattern,
      base,
      second,
      belly: base,
      ears: base,
      muzzle: base,
      nose: second,
      beak: rng.pick(['#ee7a25', '#f0b02f', '#d8573a']),
      wing: rng.chance(0.5) ? base : second,
      eye: '#171310',
      scale: pattern === 'spots' ? rng.range(2, 4) : rng.range(1.4, 2.6),
      seed: rng.int(9000),
      ...(rng.chance(0.35) ? { collar: rng.pick(['#c8342f', '#3f8f58', '#f4f1ea', '#444a55']) } : {}),
    };
  },
  build,
};
