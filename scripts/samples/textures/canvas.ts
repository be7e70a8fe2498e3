/** Canvas and pixel textures for three.js. Everything is drawn here; no picture file is read. */
import * as THREE from 'three';

export type Paint = (ctx: CanvasRenderingContext2D, width: number, height: number) => void;
export type Rgb = readonly [number, number, number];

function finish(canvas: HTMLCanvasElement, colour: boolean): THREE.CanvasTexture {
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = colour ? THREE.SRGBColorSpace : THREE.NoColorSpace;
  texture.wrapS = THREE.RepeatWrapping;
  texture.wrapT = THREE.RepeatWrapping;
  texture.anisotropy = 4;
  return texture;
}

function blank(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext('2d', { willReadFrequently: true });
  if (!ctx) throw new Error('this browser gives no 2-D canvas context');
  return [canvas, ctx];
}

/** A colour texture drawn with canvas commands; origin at the top left. */
export function paintTexture(width: number, height: number, paint: Paint): THREE.CanvasTexture {
  const [canvas, ctx] = blank(width, height);
  paint(ctx, width, height);
  return finish(canvas, true);
}

/** A colour texture (sRGB 0..255) and a height texture (0..255) from functions of (u, v) in [0, 1). */
export function pixelTextures(
  size: number,
  at: (u: number, v: number) => { colour: Rgb; height: number },
): { map: THREE.CanvasTexture; bumpMap: THREE.CanvasTexture } {
  const [colourCanvas, colourCtx] = blank(size, size);
  const [heightCanvas, heightCtx] = blank(size, size);
  const colours = colourCtx.createImageData(size, size);
  const heights = heightCtx.createImageData(size, size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const { colour, height } = at(x / size, y / size);
      const i = 4 * (y * size + x);
      for (let c = 0; c < 3; c++) {
        colours.data[i + c] = colour[c] as number;
        heights.data[i + c] = height;
      }
      colours.data[i + 3] = 255;
      heights.data[i + 3] = 255;
    }
  }
  colourCtx.putImageData(colours, 0, 0);
  heightCtx.putImageData(heights, 0, 0);
  return { map: finish(colourCanvas, true), bumpMap: finish(heightCanvas, false) };
}

/** sRGB bytes of '#rrggbb'. */
export function rgb(hex: string): Rgb {
  const n = Number.parseInt(hex.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

/** Blend of two sRGB colours, t in [0, 1]. */
export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Colour times a brightness. */
export function scale(a: Rgb, s: number): Rgb {
  return [a[0] * s, a[1] * s, a[2] * s];
}

/** '#rrggbb' moved towards white (t > 0) or black (t < 0). */
export function shade(hex: string, t: number): string {
  const target: Rgb = t > 0 ? [255, 255, 255] : [0, 0, 0];
  const [r, g, b] = mix(rgb(hex), target, Math.abs(t));
  const byte = (x: number) => Math.round(x).toString(16).padStart(2, '0');
  return `#${byte(r)}${byte(g)}${byte(b)}`;
}
