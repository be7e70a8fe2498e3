/** Animal coats as functions of the part and the place on it, in the part's own joint coordinates. */
import * as THREE from 'three';
import type { CoatAt } from '../shapes/field.ts';
import { fbm3, hash3, smoothstep } from './noise.ts';

export const COAT_PATTERNS = [
  'plain',
  'patches',
  'spots',
  'stripes',
  'saddle',
  'socks',
  'calico',
  'rings',
] as const;
export type CoatPattern = (typeof COAT_PATTERNS)[number];

export interface AnimalCoat {
  pattern: CoatPattern;
  base: string;
  second: string;
  third?: string;
  belly: string;
  /** Ears, and with 'socks' the paws and tail tip. */
  ears: string;
  muzzle: string;
  /** Colour of a patch over one eye. */
  eyePatch?: string;
  nose: string;
  eye: string;
  collar?: string;
  tag?: string;
  /** Patches or stripes per scene unit, roughly. */
  scale: number;
  seed: number;
}

/** Distance-like value to the nearest of jittered lattice points, 0 at a point, about 1 far away. */
function cells(x: number, y: number, z: number, seed: number): number {
  const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  let best = 9;
  for (let dx = -1; dx <= 1; dx++)
    for (let dy = -1; dy <= 1; dy++)
      for (let dz = -1; dz <= 1; dz++) {
        const [cx, cy, cz] = [ix + dx, iy + dy, iz + dz];
        const px = cx + 0.2 + 0.6 * hash3(cx, cy, cz + seed);
        const py = cy + 0.2 + 0.6 * hash3(cy, cz, cx + seed * 3);
        const pz = cz + 0.2 + 0.6 * hash3(cz, cx, cy + seed * 7);
        const size = 0.75 + 0.5 * hash3(cx + 11, cy + 5, cz + seed);
        best = Math.min(best, Math.hypot(x - px, y - py, z - pz) / size);
      }
  return best;
}

const MARKED = new Set(['body', 'head', 'leg', 'tail', 'wing']);

function partSeed(part: string): number {
  let n = 0;
  for (let i = 0; i < part.length; i++) n = n * 31 + part.charCodeAt(i);
  return n % 9973;
}

/** The painter of a coat for quadrupeds: parts body, head, muzzle, ear, innerEar, leg, tail. */
export function coatPainter(coat: AnimalCoat): CoatAt {
  const colour = (hex: string) => new THREE.Color(hex);
  const [base, second, belly, ears, muzzle] = [
    coat.base,
    coat.second,
    coat.belly,
    coat.ears,
    coat.muzzle,
  ].map(colour) as [THREE.Color, THREE.Color, THREE.Color, THREE.Color, THREE.Color];
  const third = colour(coat.third ?? coat.second);
  const eyePatch = coat.eyePatch ? colour(coat.eyePatch) : null;
  const inner = colour('#e8a9a0');

  const marking = (part: string, p: THREE.Vector3, out: THREE.Color) => {
    if (!MARKED.has(part)) return;
    const seed = coat.seed + partSeed(part);
    const s = coat.scale;
    const noise = (k: number) => fbm3(p.x * s * k + 7.1, p.y * s * k + 3.7, p.z * s * k + 9.2, 3, seed);
    switch (coat.pattern) {
      case 'patches':
        out.lerp(second, smoothstep(0.545, 0.575, noise(1)));
        break;
      case 'calico':
        out.lerp(second, smoothstep(0.5, 0.53, noise(1)));
        out.lerp(third, smoothstep(0.53, 0.56, fbm3(p.x * s + 31, p.y * s, p.z * s + 5, 3, seed + 77)));
        break;
      case 'spots':
        out.lerp(second, 1 - smoothstep(0.3, 0.36, cells(p.x * s, p.y * s, p.z * s, seed)));
        break;
      case 'stripes': {
        const along = part === 'body' ? p.z : part === 'head' ? p.y * 0.8 + Math.abs(p.x) * 0.6 : p.y;
        const wave = Math.sin(2 * Math.PI * s * along + 2.6 * (noise(0.8) - 0.5));
        const upper =
          part === 'body' ? smoothstep(-0.3, 0.05, p.y) : part === 'head' ? smoothstep(0.0, 0.2, p.y) : 1;
        out.lerp(second, smoothstep(0.1, 0.45, wave) * upper);
        break;
      }
      case 'rings': {
        const along = part === 'body' ? p.z : p.y;
        out.lerp(second, smoothstep(-0.06, 0.06, Math.sin(2 * Math.PI * s * along)));
        break;
      }
      case 'saddle':
        if (part === 'body') out.lerp(second, smoothstep(0.02, 0.1, p.y + 0.12 * (noise(2) - 0.5)));
        if (part === 'head')
          out.lerp(second, smoothstep(0.16, 0.24, p.y + 0.1 * (noise(2) - 0.5) - 0.25 * p.z));
        if (part === 'tail') out.copy(second);
        break;
      case 'socks':
        if (part === 'leg') out.lerp(second, 1 - smoothstep(0.24, 0.3, p.y + 0.08 * (noise(2) - 0.5)));
        if (part === 'tail') out.lerp(second, 1 - smoothstep(0.26, 0.32, p.y));
        break;
      case 'plain':
        break;
    }
  };

  return (part, p, out) => {
    if (part === 'ear') out.copy(ears);
    else if (part === 'innerEar') out.copy(inner);
    else if (part === 'muzzle') out.copy(muzzle);
    else out.copy(base);
    marking(part, p, out);
    if (part === 'body') out.lerp(belly, 1 - smoothstep(-0.26, -0.16, p.y));
    if (part === 'head' && eyePatch) {
      out.lerp(
        eyePatch,
        1 - smoothstep(0.21, 0.25, Math.hypot(p.x - 0.22, p.y - 0.1, Math.max(0, 0.3 - p.z))),
      );
    }
  };
}
