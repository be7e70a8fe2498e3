/** The page the script drives: renders one shot at a time and hands back encoded bytes. */
import * as THREE from 'three';
import type { ShotSpec } from '../plan/types.ts';
import { type Quality, shoot } from '../studio/shoot.ts';

export interface Rendered {
  /** JPEG, base64. */
  jpeg: string;
  /** One character a pixel, '1' where the subject is seen, row-major; null without a mask. */
  mask: string | null;
  fraction: number;
  visible: number;
  /** Whether the graphics context was lost, and the picture is empty. */
  lost: boolean;
}

const renderer = new THREE.WebGLRenderer({ preserveDrawingBuffer: true, antialias: false });
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = THREE.BasicShadowMap;
renderer.toneMapping = THREE.ACESFilmicToneMapping;

declare global {
  interface Window {
    renderShot?: (shot: ShotSpec, quality: Quality) => Rendered;
  }
}

window.renderShot = (shot, quality) => {
  const { jpeg, mask, visible } = shoot(renderer, shot, quality);
  return {
    jpeg: jpeg.slice(jpeg.indexOf(',') + 1),
    mask: mask ? Array.from(mask.data, (value) => (value ? '1' : '0')).join('') : null,
    fraction: mask?.fraction ?? 0,
    visible,
    lost: renderer.getContext().isContextLost(),
  };
};
