/**
 * A body as a smooth union of simple volumes (signed distance field, negative inside).
 * Each volume hangs on a posed joint, and colour is looked up in that joint's own coordinates,
 * so a coat moves with the limb it is on.
 */
import * as THREE from 'three';

export interface Ellipsoid {
  kind: 'ellipsoid';
  centre: THREE.Vector3;
  radii: THREE.Vector3;
}

/** Two spheres and the cone that touches both. */
export interface RoundCone {
  kind: 'cone';
  a: THREE.Vector3;
  b: THREE.Vector3;
  ra: number;
  rb: number;
}

export interface RoundBox {
  kind: 'box';
  centre: THREE.Vector3;
  half: THREE.Vector3;
  round: number;
}

export type Volume = Ellipsoid | RoundCone | RoundBox;

export interface Blob {
  /** Name the coat sees: 'body', 'head', 'ear', ... */
  part: string;
  joint: THREE.Object3D;
  volume: Volume;
  /** Width of the smooth seam with what came before, in scene units. */
  seam: number;
  /** Cut this volume out instead of adding it. */
  cut?: boolean;
}

export type CoatAt = (part: string, local: THREE.Vector3, out: THREE.Color) => void;

const v3 = (x: number, y: number, z: number) => new THREE.Vector3(x, y, z);

export function ellipsoid(
  part: string,
  joint: THREE.Object3D,
  centre: readonly [number, number, number],
  radii: readonly [number, number, number],
  seam = 0.1,
): Blob {
  return { part, joint, volume: { kind: 'ellipsoid', centre: v3(...centre), radii: v3(...radii) }, seam };
}

export function cone(
  part: string,
  joint: THREE.Object3D,
  a: readonly [number, number, number],
  b: readonly [number, number, number],
  ra: number,
  rb: number,
  seam = 0.1,
): Blob {
  return { part, joint, volume: { kind: 'cone', a: v3(...a), b: v3(...b), ra, rb }, seam };
}

export function box(
  part: string,
  joint: THREE.Object3D,
  centre: readonly [number, number, number],
  half: readonly [number, number, number],
  round: number,
  seam = 0.1,
): Blob {
  return { part, joint, volume: { kind: 'box', centre: v3(...centre), half: v3(...half), round }, seam };
}

/** Distance to a volume in its joint's coordinates (a lower bound for the ellipsoid, near-exact close to it). */
export function volumeDistance(volume: Volume, x: number, y: number, z: number): number {
  if (volume.kind === 'ellipsoid') {
    const px = x - volume.centre.x;
    const py = y - volume.centre.y;
    const pz = z - volume.centre.z;
    const { x: rx, y: ry, z: rz } = volume.radii;
    const k0 = Math.hypot(px / rx, py / ry, pz / rz);
    const k1 = Math.hypot(px / (rx * rx), py / (ry * ry), pz / (rz * rz));
    return k1 < 1e-9 ? -Math.min(rx, ry, rz) : (k0 * (k0 - 1)) / k1;
  }
  if (volume.kind === 'box') {
    const { centre, half, round } = volume;
    const qx = Math.abs(x - centre.x) - half.x + round;
    const qy = Math.abs(y - centre.y) - half.y + round;
    const qz = Math.abs(z - centre.z) - half.z + round;
    const outside = Math.hypot(Math.max(qx, 0), Math.max(qy, 0), Math.max(qz, 0));
    return outside + Math.min(Math.max(qx, qy, qz), 0) - round;
  }
  const { a, b, ra, rb } = volume;
  const bx = b.x - a.x;
  const by = b.y - a.y;
  const bz = b.z - a.z;
  const px = x - a.x;
  const py = y - a.y;
  const pz = z - a.z;
  const t = Math.min(1, Math.max(0, (px * bx + py * by + pz * bz) / (bx * bx + by * by + bz * bz)));
  return Math.hypot(px - bx * t, py - by * t, pz - bz * t) - (ra + (rb - ra) * t);
}

/** Polynomial smooth minimum with a seam of width k. */
function smoothMin(a: number, b: number, k: number): number {
  const h = Math.max(k - Math.abs(a - b), 0) / k;
  return Math.min(a, b) - h * h * k * 0.25;
}

/** The union of blobs, ready to be sampled at world points. Joints must not move afterwards. */
export class Field {
  private readonly inverses: number[][];
  private readonly blobs: readonly Blob[];

  constructor(blobs: readonly Blob[]) {
    this.blobs = blobs;
    this.inverses = blobs.map(({ joint }) => {
      joint.updateWorldMatrix(true, false);
      return joint.matrixWorld.clone().invert().elements.slice();
    });
  }

  private local(i: number, x: number, y: number, z: number): [number, number, number] {
    const m = this.inverses[i] as number[];
    return [
      m[0]! * x + m[4]! * y + m[8]! * z + m[12]!,
      m[1]! * x + m[5]! * y + m[9]! * z + m[13]!,
      m[2]! * x + m[6]! * y + m[10]! * z + m[14]!,
    ];
  }

  /** Signed distance at a world point. */
  distance(x: number, y: number, z: number): number {
    let d = 1e9;
    for (let i = 0; i < this.blobs.length; i++) {
      const blob = this.blobs[i] as Blob;
      const e = volumeDistance(blob.volume, ...this.local(i, x, y, z));
      d = blob.cut ? -smoothMin(-d, e, blob.seam) : smoothMin(d, e, blob.seam);
    }
    return d;
  }

  /** Colour at a surface point: the coats of the volumes that are near, weighted by nearness. */
  colour(x: number, y: number, z: number, coat: CoatAt, softness: number, out: THREE.Color): void {
    const part = new THREE.Color();
    const local = new THREE.Vector3();
    let r = 0;
    let g = 0;
    let b = 0;
    let total = 0;
    for (let i = 0; i < this.blobs.length; i++) {
      const blob = this.blobs[i] as Blob;
      if (blob.cut && volumeDistance(blob.volume, ...this.local(i, x, y, z)) > 0.02) continue;
      local.set(...this.local(i, x, y, z));
      const d = Math.abs(volumeDistance(blob.volume, local.x, local.y, local.z));
      const weight = Math.exp(-d / softness) + 1e-12;
      coat(blob.part, local, part);
      r += part.r * weight;
      g += part.g * weight;
      b += part.b * weight;
      total += weight;
    }
    out.setRGB(r / total, g / total, b / total);
  }

  /** World box that holds the surface, with a margin. */
  bounds(margin: number): THREE.Box3 {
    const bounds = new THREE.Box3();
    for (const { volume, joint, cut } of this.blobs) {
      if (cut) continue;
      const local = new THREE.Box3();
      if (volume.kind === 'ellipsoid')
        local.setFromCenterAndSize(volume.centre, volume.radii.clone().multiplyScalar(2));
      else if (volume.kind === 'box')
        local.setFromCenterAndSize(volume.centre, volume.half.clone().multiplyScalar(2));
      else
        local
          .union(new THREE.Box3().setFromCenterAndSize(volume.a, v3(2, 2, 2).multiplyScalar(volume.ra)))
          .union(new THREE.Box3().setFromCenterAndSize(volume.b, v3(2, 2, 2).multiplyScalar(volume.rb)));
      bounds.union(local.applyMatrix4(joint.matrixWorld));
    }
    return bounds.expandByScalar(margin);
  }
}
