/** What props share. */
import type * as THREE from 'three';
import type { Rng } from '../random.ts';
import { paintTexture } from '../textures/canvas.ts';
import { paintPrint, randomPrint } from '../textures/prints.ts';

/** Makes a prop standing on y = 0 around the origin, 0.6 to 3 units tall (a unit is about ten centimetres). */
export type Prop = (rng: Rng) => THREE.Object3D;

/** Paints that props come in. */
export const INKS = [
  '#c8553d',
  '#2a6f97',
  '#588157',
  '#e9b44c',
  '#6d597a',
  '#e07a8b',
  '#264653',
  '#f1ede4',
  '#2d2a2a',
  '#3aa39a',
  '#b5651d',
] as const;

/** A texture with a print of the prop's own. */
export function printed(rng: Rng, width = 512, height = 512): THREE.Texture {
  return paintTexture(width, height, paintPrint(randomPrint(rng), rng.seed));
}
