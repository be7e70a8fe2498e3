/** Plush dogs: long muzzle, hanging ears, upright tail. */
import * as THREE from 'three';
import type { Rng } from '../random.ts';
import { ellipsoid } from '../shapes/field.ts';
import { type AnimalCoat, COAT_PATTERNS } from '../textures/coats.ts';
import type { Family } from './family.ts';
import { type Build, limb, quadruped } from './quadruped.ts';

const BUILD: Build = {
  fur: { length: 0.085, density: 46, layers: 12 },
  skull: [0.5, 0.47, 0.48],
  head(joint) {
    const ears = [-1, 1].map((side) => {
      const ear = new THREE.Object3D();
      ear.position.set(side * 0.44, 0.2, -0.04);
      ear.rotation.set(0.12, 0, side * 0.3);
      joint.add(ear);
      return ellipsoid('ear', ear, [0, -0.26, 0], [0.12, 0.42, 0.25], 0.06);
    });
    return [
      ellipsoid('muzzle', joint, [0, -0.15, 0.42], [0.25, 0.2, 0.27], 0.12),
      ellipsoid('head', joint, [-0.26, -0.2, 0.14], [0.2, 0.18, 0.2], 0.15),
      ellipsoid('head', joint, [0.26, -0.2, 0.14], [0.2, 0.18, 0.2], 0.15),
      ...ears,
    ];
  },
  eye: { at: [0.33, 0.2, 0.8], radius: 0.09, slit: false },
  nose: { at: [0, -0.06, 0.95], size: [0.12, 0.09, 0.08] },
  tail(root, [x, y, z], posture) {
    const up = posture === 'stand' ? 0.62 : 0.3;
    return [limb('tail', root, [x, y, z + 0.1], [x + 0.1, y + up, z - 0.34], 0.16, 0.11, 0.1)];
  },
  whiskers: false,
};

const COATS = {
  biscuit: {
    pattern: 'patches',
    base: '#f1e3c8',
    second: '#9a5a2c',
    belly: '#f7eedd',
    ears: '#7d4522',
    muzzle: '#f8f0e2',
    eyePatch: '#8a4e27',
    nose: '#2a1d18',
    eye: '#4a2a16',
    collar: '#c8342f',
    tag: '#e8c15a',
    scale: 1.9,
    seed: 11,
  },
  domino: {
    pattern: 'spots',
    base: '#f6f4ef',
    second: '#26241f',
    belly: '#f8f7f3',
    ears: '#23211d',
    muzzle: '#f7f5f0',
    nose: '#191716',
    eye: '#3b2a1c',
    collar: '#2b7fb8',
    tag: '#d8d8d8',
    scale: 2.9,
    seed: 23,
  },
  ember: {
    pattern: 'saddle',
    base: '#c17a3d',
    second: '#33261f',
    belly: '#e4b98a',
    ears: '#3b2a21',
    muzzle: '#3e2d24',
    nose: '#171311',
    eye: '#5b3216',
    collar: '#3f8f58',
    tag: '#e8c15a',
    scale: 1.4,
    seed: 31,
  },
  misty: {
    pattern: 'socks',
    base: '#8d97a5',
    second: '#f2f2ef',
    belly: '#eef0f0',
    ears: '#67717f',
    muzzle: '#f0f1ef',
    nose: '#2c2f36',
    eye: '#48698c',
    collar: '#f0a830',
    scale: 1.4,
    seed: 43,
  },
} as const satisfies Record<string, AnimalCoat>;

const BASES = [
  '#e8cfa4',
  '#b5763d',
  '#5a4233',
  '#d9d4ca',
  '#3a3532',
  '#c99a63',
  '#a4a7a8',
  '#efe6d6',
  '#7b3f24',
] as const;
const SECONDS = ['#5b3a22', '#2a2624', '#f2ede2', '#8a5a30', '#c98a45', '#d8d3c6'] as const;
const COLLARS = ['#7a3fa0', '#1f9aa8', '#e06a9a', '#444a55', '#d9b52f', '#5aa83e'] as const;

export const dog: Family<AnimalCoat> = {
  coats: COATS,
  stranger(rng: Rng): AnimalCoat {
    const [base, second] = [rng.pick(BASES), rng.pick(SECONDS)];
    const pattern = rng.pick(COAT_PATTERNS.filter((p) => p !== 'calico' && p !== 'rings' && p !== 'patches'));
    return {
      pattern,
      base,
      second,
      belly: rng.chance(0.5) ? base : '#efe5d4',
      ears: rng.chance(0.5) ? base : second,
      muzzle: rng.chance(0.5) ? base : '#efe5d4',
      nose: '#221a17',
      eye: '#3d2817',
      collar: rng.pick(COLLARS),
      ...(rng.chance(0.4) ? { tag: '#cfd2d6' } : {}),
      scale: pattern === 'spots' ? rng.range(2.2, 3.6) : rng.range(1.2, 2.2),
      seed: rng.int(9000),
    };
  },
  build: (coat, stance) => quadruped(BUILD, coat, stance),
};
