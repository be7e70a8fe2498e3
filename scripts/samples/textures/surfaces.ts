/** Surfaces of rooms and gardens: colour and height textures computed pixel by pixel. */
import type * as THREE from 'three';
import { mix, pixelTextures, type Rgb, rgb, scale } from './canvas.ts';
import { hash3, smoothstep, tileFbm, tileNoise } from './noise.ts';

export interface Surface {
  map: THREE.CanvasTexture;
  bumpMap: THREE.CanvasTexture;
}

const SIZE = 512;

/** Wooden boards running along u. */
export function boards(colour: string, rows: number, seed: number): Surface {
  const base = rgb(colour);
  return pixelTextures(SIZE, (u, v) => {
    const row = Math.floor(v * rows);
    const offset = hash3(row, seed, 3);
    const along = (u + offset) % 1;
    const plank = Math.floor(along * 2);
    const tone = hash3(row, plank, seed);
    const across = v * rows - row;
    const warp = tileFbm(along, v, 4, 3, seed + row * 31 + plank * 7);
    const grain = tileNoise(along * 6, (v * rows * 14 + warp * 5) % 4096, 4096, seed + row * 13);
    const fine = tileNoise(along * 24, v * 420, 4096, seed + 5);
    const edge = Math.min(across, 1 - across, ((along * 2) % 1) * 8, (1 - ((along * 2) % 1)) * 8);
    const gap = smoothstep(0.0, 0.035, edge);
    const light = (0.74 + 0.24 * tone) * (0.84 + 0.2 * grain + 0.1 * fine) * (0.35 + 0.65 * gap);
    return {
      colour: scale(mix(base, [base[0], base[1] * 0.92, base[2] * 0.8], tone), light),
      height: 90 + 110 * gap + 30 * grain,
    };
  });
}

/** Glazed tiles with grout lines. */
export function tiles(
  colour: string,
  grout: string,
  columns: number,
  rows: number,
  brick: boolean,
  seed: number,
): Surface {
  const base = rgb(colour);
  const joint = rgb(grout);
  return pixelTextures(SIZE, (u, v) => {
    const row = Math.floor(v * rows);
    const x = (u * columns + (brick && row % 2 ? 0.5 : 0)) % columns;
    const col = Math.floor(x);
    const du = Math.min(x - col, 1 - (x - col)) / columns;
    const dv = Math.min(v * rows - row, 1 - (v * rows - row)) / rows;
    const inside = smoothstep(0.004, 0.012, Math.min(du, dv));
    const tone = 0.9 + 0.16 * hash3(col, row, seed) - 0.08 * tileFbm(u, v, 8, 3, seed);
    return {
      colour: mix(scale(joint, 0.85 + 0.2 * tileFbm(u, v, 32, 2, seed)), scale(base, tone), inside),
      height: 60 + 170 * inside,
    };
  });
}

/** Rough bricks in mortar. */
export function bricks(colour: string, seed: number): Surface {
  const base = rgb(colour);
  return pixelTextures(SIZE, (u, v) => {
    const rows = 12;
    const columns = 5;
    const row = Math.floor(v * rows);
    const x = (u * columns + (row % 2 ? 0.5 : 0)) % columns;
    const col = Math.floor(x);
    const rough = 0.004 * tileFbm(u, v, 40, 2, seed);
    const edge = Math.min(
      Math.min(x - col, 1 - x + col) / columns,
      Math.min(v * rows - row, 1 - v * rows + row) / rows,
    );
    const inside = smoothstep(0.004, 0.011, edge - rough + 0.002);
    const tone = 0.68 + 0.4 * hash3(col, row, seed) + 0.3 * (tileFbm(u, v, 24, 4, seed + 9) - 0.5);
    const warm = hash3(col, row, seed + 4);
    const clay: Rgb = [base[0], base[1] * (0.85 + 0.3 * warm), base[2] * (0.8 + 0.4 * warm)];
    return {
      colour: mix(scale([176, 168, 156], 0.8 + 0.3 * tileFbm(u, v, 60, 2, seed)), scale(clay, tone), inside),
      height: 70 * (1 - inside) + inside * (170 + 60 * tileFbm(u, v, 30, 3, seed)),
    };
  });
}

/** Veined stone. */
export function marble(colour: string, vein: string, seed: number): Surface {
  const base = rgb(colour);
  const dark = rgb(vein);
  return pixelTextures(SIZE, (u, v) => {
    const warp = tileFbm(u, v, 3, 5, seed);
    const line = Math.abs(tileFbm(u + 0.35 * warp, v + 0.2 * warp, 4, 4, seed + 50) - 0.5);
    const veins = 1 - smoothstep(0.0, 0.045, line);
    const cloud = 0.93 + 0.12 * tileFbm(u, v, 6, 4, seed + 8);
    return { colour: mix(scale(base, cloud), dark, veins * 0.55), height: 128 };
  });
}

/** Sand, soil, plaster, asphalt: grains and drifts of two colours. */
export function grains(a: string, b: string, coarse: number, fine: number, seed: number): Surface {
  const low = rgb(a);
  const high = rgb(b);
  return pixelTextures(SIZE, (u, v) => {
    const drift = tileFbm(u, v, coarse, 4, seed);
    const grain = tileNoise(u * 256, v * 256, 256, seed + 3);
    const clump = tileFbm(u, v, 48, 3, seed + 7);
    const t = smoothstep(0.25, 0.75, drift);
    return {
      colour: scale(mix(low, high, t), 1 - fine + 2 * fine * (0.55 * grain + 0.45 * clump)),
      height: 255 * (0.5 * drift + 0.3 * clump + 0.2 * grain),
    };
  });
}

/** Woven cloth over a colour function of (u, v); `threads` across the texture. */
export function cloth(at: (u: number, v: number) => Rgb, threads: number, seed: number): Surface {
  return pixelTextures(SIZE, (u, v) => {
    const warp = Math.abs(Math.sin(Math.PI * u * threads));
    const weft = Math.abs(Math.sin(Math.PI * v * threads));
    const over = (Math.floor(u * threads) + Math.floor(v * threads)) % 2 === 0;
    const lift = over ? warp * 0.7 + weft * 0.3 : weft * 0.7 + warp * 0.3;
    const fuzz = tileFbm(u, v, 64, 2, seed);
    return {
      colour: scale(at(u, v), 0.82 + 0.14 * lift + 0.12 * (fuzz - 0.5)),
      height: 255 * (0.7 * lift + 0.3 * fuzz),
    };
  });
}

/** Gingham for `cloth`. */
export function gingham(ground: string, ink: string, checks: number): (u: number, v: number) => Rgb {
  const a = rgb(ground);
  const b = rgb(ink);
  return (u, v) => {
    const n = (Math.floor(u * checks * 2) % 2) + (Math.floor(v * checks * 2) % 2);
    return mix(a, b, n * 0.5);
  };
}

/** Short turf seen from above, under the blades. */
export function turf(seed: number): Surface {
  return grains('#3f5a22', '#6c8436', 6, 0.3, seed);
}

/** Leaves from afar: pale and dark flecks, to be tinted by the material's colour. */
export function leafage(seed: number): Surface {
  return pixelTextures(SIZE, (u, v) => {
    const fleck = tileNoise(u * 90, v * 60, 30, seed);
    const clump = tileFbm(u, v, 10, 3, seed + 5);
    const light = 90 + 165 * smoothstep(0.25, 0.85, 0.6 * fleck + 0.4 * clump);
    return { colour: [light, light, light * 0.92], height: light };
  });
}
