/** Value noise, tileable in two dimensions and free in three; the same numbers on every machine. */

/** Integer lattice hash to [0, 1). */
export function hash3(x: number, y: number, z: number): number {
  let h = Math.imul(x, 374761393) + Math.imul(y, 668265263) + Math.imul(z, 1274126177);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  h = Math.imul(h ^ (h >>> 15), 2246822519);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

const smooth = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);
const mod = (n: number, m: number): number => ((n % m) + m) % m;

/** 2-D value noise in [0, 1), repeating after `period` lattice cells on both axes. */
export function tileNoise(x: number, y: number, period: number, seed: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const u = smooth(x - xi);
  const v = smooth(y - yi);
  const x0 = mod(xi, period);
  const x1 = mod(xi + 1, period);
  const y0 = mod(yi, period);
  const y1 = mod(yi + 1, period);
  const a = hash3(x0, y0, seed);
  const b = hash3(x1, y0, seed);
  const c = hash3(x0, y1, seed);
  const d = hash3(x1, y1, seed);
  return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v;
}

/** Fractal sum of tileNoise over the unit square; `cells` lattice cells at the coarsest octave. Range [0, 1). */
export function tileFbm(u: number, v: number, cells: number, octaves: number, seed: number): number {
  let sum = 0;
  let weight = 0.5;
  let total = 0;
  let n = cells;
  for (let o = 0; o < octaves; o++) {
    sum += weight * tileNoise(u * n, v * n, n, seed + o * 101);
    total += weight;
    weight *= 0.5;
    n *= 2;
  }
  return sum / total;
}

/** 3-D value noise in [0, 1). */
export function noise3(x: number, y: number, z: number, seed: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const zi = Math.floor(z);
  const u = smooth(x - xi);
  const v = smooth(y - yi);
  const w = smooth(z - zi);
  const at = (i: number, j: number, k: number) => hash3(xi + i, yi + j + seed * 57, zi + k + seed * 131);
  const lerp = (a: number, b: number, t: number) => a + (b - a) * t;
  return lerp(
    lerp(lerp(at(0, 0, 0), at(1, 0, 0), u), lerp(at(0, 1, 0), at(1, 1, 0), u), v),
    lerp(lerp(at(0, 0, 1), at(1, 0, 1), u), lerp(at(0, 1, 1), at(1, 1, 1), u), v),
    w,
  );
}

/** Fractal sum of noise3. Range [0, 1). */
export function fbm3(x: number, y: number, z: number, octaves: number, seed: number): number {
  let sum = 0;
  let weight = 0.5;
  let total = 0;
  let f = 1;
  for (let o = 0; o < octaves; o++) {
    sum += weight * noise3(x * f, y * f, z * f, seed + o * 17);
    total += weight;
    weight *= 0.5;
    f *= 2.03;
  }
  return sum / total;
}

/** Hermite step from 0 at lo to 1 at hi. */
export function smoothstep(lo: number, hi: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - lo) / (hi - lo)));
  return t * t * (3 - 2 * t);
}
