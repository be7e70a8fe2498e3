/**
 * Mesh of the zero level of a distance field by naive surface nets: one vertex per grid cell the surface crosses,
 * at the mean of its edge crossings, then moved onto the surface along the gradient.
 */
import * as THREE from 'three';
import type { CoatAt, Field } from './field.ts';

export interface NetsOptions {
  /** Grid cell, scene units. */
  cell: number;
  coat: CoatAt;
  /** Width over which neighbouring parts' colours mix. */
  softness: number;
}

/** Geometry with position, normal and colour. */
export function meshField(field: Field, { cell, coat, softness }: NetsOptions): THREE.BufferGeometry {
  const bounds = field.bounds(cell * 2);
  const { min } = bounds;
  const size = bounds.getSize(new THREE.Vector3());
  const nx = Math.ceil(size.x / cell) + 1;
  const ny = Math.ceil(size.y / cell) + 1;
  const nz = Math.ceil(size.z / cell) + 1;
  const values = new Float32Array(nx * ny * nz);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++)
        values[n] = field.distance(min.x + i * cell, min.y + j * cell, min.z + k * cell);

  const strides = [1, nx, nx * ny] as const;
  const vertexOf = new Int32Array(values.length).fill(-1);
  const positions: number[] = [];
  for (let k = 0; k < nz - 1; k++)
    for (let j = 0; j < ny - 1; j++)
      for (let i = 0; i < nx - 1; i++) {
        const n = i + j * strides[1] + k * strides[2];
        const point = cellVertex(values, n, strides);
        if (!point) continue;
        vertexOf[n] = positions.length / 3;
        positions.push(
          min.x + (i + point[0]) * cell,
          min.y + (j + point[1]) * cell,
          min.z + (k + point[2]) * cell,
        );
      }

  const normals = settle(field, positions, cell);
  const geometry = new THREE.BufferGeometry();
  geometry.setIndex(quads(values, vertexOf, [nx, ny, nz], strides));
  geometry.setAttribute('position', new THREE.Float32BufferAttribute(positions, 3));
  geometry.setAttribute('normal', new THREE.Float32BufferAttribute(normals, 3));
  geometry.setAttribute(
    'color',
    new THREE.Float32BufferAttribute(coloursOf(field, positions, coat, softness), 3),
  );
  return geometry;
}

/** Mean of the edge crossings of one cell in cell coordinates, or null where the surface does not cross it. */
function cellVertex(
  values: Float32Array,
  n: number,
  strides: readonly [number, number, number],
): [number, number, number] | null {
  const corner = (c: number) => values[n + (c & 1) + ((c >> 1) & 1) * strides[1] + (c >> 2) * strides[2]]!;
  const sum: [number, number, number] = [0, 0, 0];
  let crossings = 0;
  for (let c = 0; c < 8; c++) {
    for (let axis = 0; axis < 3; axis++) {
      if (c & (1 << axis)) continue;
      const a = corner(c);
      const b = corner(c | (1 << axis));
      if (a < 0 === b < 0) continue;
      const t = a / (a - b);
      for (let d = 0; d < 3; d++) sum[d]! += d === axis ? t : (c >> d) & 1;
      crossings++;
    }
  }
  return crossings ? [sum[0] / crossings, sum[1] / crossings, sum[2] / crossings] : null;
}

/** Moves vertices onto the surface and returns unit normals. */
function settle(field: Field, positions: number[], cell: number): number[] {
  const normals: number[] = [];
  const e = cell * 0.5;
  for (let p = 0; p < positions.length; p += 3) {
    let [x, y, z] = [positions[p]!, positions[p + 1]!, positions[p + 2]!];
    let [gx, gy, gz] = [0, 0, 0];
    for (let step = 0; step < 2; step++) {
      gx = field.distance(x + e, y, z) - field.distance(x - e, y, z);
      gy = field.distance(x, y + e, z) - field.distance(x, y - e, z);
      gz = field.distance(x, y, z + e) - field.distance(x, y, z - e);
      const length = Math.hypot(gx, gy, gz) || 1;
      [gx, gy, gz] = [gx / length, gy / length, gz / length];
      if (step === 1) break;
      const d = Math.max(-cell, Math.min(cell, field.distance(x, y, z)));
      [x, y, z] = [x - gx * d, y - gy * d, z - gz * d];
    }
    [positions[p], positions[p + 1], positions[p + 2]] = [x, y, z];
    normals.push(gx, gy, gz);
  }
  return normals;
}

function coloursOf(field: Field, positions: number[], coat: CoatAt, softness: number): number[] {
  const colours: number[] = [];
  const colour = new THREE.Color();
  for (let p = 0; p < positions.length; p += 3) {
    field.colour(positions[p]!, positions[p + 1]!, positions[p + 2]!, coat, softness, colour);
    colours.push(colour.r, colour.g, colour.b);
  }
  return colours;
}

/** Two triangles for every grid edge that crosses the surface, wound outwards. */
function quads(
  values: Float32Array,
  vertexOf: Int32Array,
  counts: readonly [number, number, number],
  strides: readonly [number, number, number],
): number[] {
  const indices: number[] = [];
  const at: [number, number, number] = [0, 0, 0];
  for (at[2] = 1; at[2] < counts[2] - 1; at[2]++)
    for (at[1] = 1; at[1] < counts[1] - 1; at[1]++)
      for (at[0] = 1; at[0] < counts[0] - 1; at[0]++) {
        const n = at[0] + at[1] * strides[1] + at[2] * strides[2];
        for (let axis = 0; axis < 3; axis++) {
          const inside = values[n]! < 0;
          if (inside === values[n + strides[axis]!]! < 0) continue;
          const du = strides[(axis + 1) % 3]!;
          const dv = strides[(axis + 2) % 3]!;
          const [a, b, c, d] = [vertexOf[n]!, vertexOf[n - du]!, vertexOf[n - du - dv]!, vertexOf[n - dv]!];
          if (inside) indices.push(a, b, c, a, c, d);
          else indices.push(a, c, b, a, d, c);
        }
      }
  return indices;
}
