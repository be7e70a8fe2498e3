/** Short ways to make meshes: every solid casts and receives shadows. */
import * as THREE from 'three';
import { RoundedBoxGeometry } from 'three/examples/jsm/geometries/RoundedBoxGeometry.js';

type Point = readonly [number, number, number];

/** A rough, matte or shiny material. */
export function paint(
  colour: string,
  roughness = 0.6,
  more: THREE.MeshPhysicalMaterialParameters = {},
): THREE.Material {
  return 'clearcoat' in more || 'sheen' in more
    ? new THREE.MeshPhysicalMaterial({ color: colour, roughness, ...more })
    : new THREE.MeshStandardMaterial({
        color: colour,
        roughness,
        ...(more as THREE.MeshStandardMaterialParameters),
      });
}

export function solid(
  geometry: THREE.BufferGeometry,
  material: THREE.Material,
  at: Point = [0, 0, 0],
): THREE.Mesh {
  const mesh = new THREE.Mesh(geometry, material);
  mesh.castShadow = true;
  mesh.receiveShadow = true;
  mesh.position.set(...at);
  return mesh;
}

export function ball(
  radius: number,
  material: THREE.Material,
  at: Point = [0, 0, 0],
  squash: Point = [1, 1, 1],
): THREE.Mesh {
  const mesh = solid(new THREE.SphereGeometry(radius, 40, 28), material, at);
  mesh.scale.set(...squash);
  return mesh;
}

export function block(
  size: Point,
  material: THREE.Material,
  at: Point = [0, 0, 0],
  round = 0.05,
): THREE.Mesh {
  const r = Math.min(round, size[0] * 0.49, size[1] * 0.49, size[2] * 0.49);
  return solid(new RoundedBoxGeometry(size[0], size[1], size[2], 3, r), material, at);
}

/** Turned about y from (radius, height) pairs. */
export function turned(
  profile: readonly (readonly [number, number])[],
  material: THREE.Material,
  at: Point = [0, 0, 0],
): THREE.Mesh {
  const points = profile.map(([r, y]) => new THREE.Vector2(Math.max(r, 1e-4), y));
  return solid(new THREE.LatheGeometry(points, 64), material, at);
}

/** Turned from a smooth curve through (radius, height) pairs; v of the texture runs along the curve. */
export function thrown(
  profile: readonly (readonly [number, number])[],
  material: THREE.Material,
  at: Point = [0, 0, 0],
): THREE.Mesh {
  const curve = new THREE.SplineCurve(profile.map(([r, y]) => new THREE.Vector2(r, y)));
  const points = curve.getPoints(profile.length * 8).map((p) => new THREE.Vector2(Math.max(p.x, 1e-4), p.y));
  return solid(new THREE.LatheGeometry(points, 64), material, at);
}

/** A tube along a smooth curve. */
export function rope(
  points: readonly Point[],
  radius: number,
  material: THREE.Material,
  closed = false,
): THREE.Mesh {
  const curve = new THREE.CatmullRomCurve3(
    points.map((p) => new THREE.Vector3(...p)),
    closed,
  );
  return solid(new THREE.TubeGeometry(curve, Math.max(24, points.length * 10), radius, 12, closed), material);
}

/** A flat outline (x, y) given thickness along z. */
export function plate(
  outline: readonly (readonly [number, number])[],
  depth: number,
  material: THREE.Material,
  bevel = 0.03,
): THREE.Mesh {
  const shape = new THREE.Shape(outline.map(([x, y]) => new THREE.Vector2(x, y)));
  const geometry = new THREE.ExtrudeGeometry(shape, {
    depth,
    bevelEnabled: bevel > 0,
    bevelSize: bevel,
    bevelThickness: bevel,
    bevelSegments: 3,
    curveSegments: 24,
  });
  geometry.translate(0, 0, -depth / 2);
  return solid(geometry, material);
}

export function group(...children: THREE.Object3D[]): THREE.Group {
  return new THREE.Group().add(...children);
}

/** Moves an object and gives it back. */
export function put<T extends THREE.Object3D>(object: T, at: Point, turn: Point = [0, 0, 0], size = 1): T {
  object.position.set(...at);
  object.rotation.set(...turn);
  object.scale.multiplyScalar(size);
  return object;
}
