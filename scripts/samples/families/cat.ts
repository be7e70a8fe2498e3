/** Plush cats: pointed ears, small muzzle, whiskers, a long tail. */
import type { Rng } from '../random.ts';
import { type Blob, cone, ellipsoid } from '../shapes/field.ts';
import { type AnimalCoat, COAT_PATTERNS } from '../textures/coats.ts';
import type { Family } from './family.ts';
import { type Build, limb, quadruped } from './quadruped.ts';

const BUILD: Build = {
  fur: { length: 0.06, density: 52, layers: 12 },
  skull: [0.55, 0.46, 0.46],
  head: (joint) =>
    [-1, 1].flatMap((side): Blob[] => [
      cone('ear', joint, [side * 0.3, 0.24, 0], [side * 0.42, 0.62, -0.04], 0.2, 0.04, 0.06),
      ellipsoid('innerEar', joint, [side * 0.36, 0.4, 0.1], [0.09, 0.17, 0.05], 0.03),
      ellipsoid('muzzle', joint, [side * 0.11, -0.17, 0.4], [0.16, 0.13, 0.13], 0.05),
      ellipsoid('head', joint, [side * 0.34, -0.16, 0.14], [0.2, 0.17, 0.2], 0.12),
    ]),
  eye: { at: [0.42, 0.1, 0.8], radius: 0.105, slit: true },
  nose: { at: [0, -0.09, 0.95], size: [0.06, 0.045, 0.05] },
  tail(root, [x, y, z], posture) {
    const tip: [number, number, number] =
      posture === 'stand' ? [x + 0.16, y + 0.95, z - 0.3] : [x + 0.78, 0.16, z + 0.32];
    const mid: [number, number, number] =
      posture === 'stand' ? [x, y + 0.4, z - 0.36] : [x + 0.45, 0.17, z - 0.28];
    return [
      limb('tail', root, [x, y, z + 0.15], mid, 0.14, 0.13, 0.1),
      limb('tail', root, mid, tip, 0.13, 0.11, 0.08),
    ];
  },
  whiskers: true,
};

const COATS = {
  marmalade: {
    pattern: 'stripes',
    base: '#e9a35a',
    second: '#b45a1f',
    belly: '#fbeedd',
    ears: '#d98a45',
    muzzle: '#fcf3e6',
    nose: '#d9847c',
    eye: '#7fae3e',
    collar: '#2f6fa8',
    tag: '#ecc95e',
    scale: 4.2,
    seed: 5,
  },
  pepper: {
    pattern: 'socks',
    base: '#2e2c30',
    second: '#f4f2ee',
    belly: '#f4f2ee',
    ears: '#2a282c',
    muzzle: '#f4f2ee',
    nose: '#c77b7d',
    eye: '#e0b83a',
    collar: '#c9342f',
    tag: '#d8d8d8',
    scale: 1.4,
    seed: 9,
  },
  truffle: {
    pattern: 'calico',
    base: '#f7f1e7',
    second: '#cf7f38',
    third: '#2f2927',
    belly: '#faf6ee',
    ears: '#cf7f38',
    muzzle: '#fbf7f0',
    nose: '#d98f88',
    eye: '#6a9f52',
    scale: 1.6,
    seed: 27,
  },
  slate: {
    pattern: 'plain',
    base: '#8a94a3',
    second: '#8a94a3',
    belly: '#a3abb6',
    ears: '#7d8796',
    muzzle: '#9aa3af',
    nose: '#4e535c',
    eye: '#e08f2f',
    collar: '#e6d7b8',
    tag: '#b5803a',
    scale: 1,
    seed: 1,
  },
} as const satisfies Record<string, AnimalCoat>;

const BASES = ['#f3ede2', '#8d8a86', '#5c4a3d', '#d8c2a0', '#3b3a3f', '#b9b3a8', '#a8764a'] as const;
const SECONDS = ['#2d2a2b', '#6f4a2e', '#f1ece3', '#55565c', '#8c6e52'] as const;
const EYES = ['#6fa3c9', '#d8a52f', '#7aa650', '#c96f2f'] as const;
const COLLARS = ['#d64f8a', '#3aa58a', '#6b46a8', '#e2b72c', '#333a44'] as const;

export const cat: Family<AnimalCoat> = {
  coats: COATS,
  stranger(rng: Rng): AnimalCoat {
    const [base, second] = [rng.pick(BASES), rng.pick(SECONDS)];
    const pattern = rng.pick(COAT_PATTERNS.filter((p) => p !== 'rings'));
    return {
      pattern,
      base,
      second,
      third: '#c98548',
      belly: rng.chance(0.5) ? base : '#f3ede2',
      ears: rng.chance(0.6) ? base : second,
      muzzle: rng.chance(0.5) ? base : '#f3ede2',
      nose: '#c9857f',
      eye: rng.pick(EYES),
      ...(rng.chance(0.6) ? { collar: rng.pick(COLLARS) } : {}),
      scale: pattern === 'stripes' ? rng.range(3, 5) : rng.range(1.3, 2.4),
      seed: rng.int(9000),
    };
  },
  build: (coat, stance) => quadruped(BUILD, coat, stance),
};
