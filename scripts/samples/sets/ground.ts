/** Floors, walls, skies and the vegetation that sets share. */
import * as THREE from 'three';
import type { Rng } from '../random.ts';
import { block, paint, rope, solid } from '../shapes/solids.ts';
import { mix, pixelTextures, type Rgb, rgb } from '../textures/canvas.ts';
import { fbm3, smoothstep, tileFbm } from '../textures/noise.ts';
import { leafage, type Surface } from '../textures/surfaces.ts';

/** A level floor at y = 0; the surface repeats every `tile` units. */
export function floor(
  surface: Surface,
  tile: number,
  roughness: number,
  bump: number,
  size = 80,
): THREE.Mesh {
  const mesh = sheet(size, size, surface, tile, roughness, bump);
  mesh.rotation.x = -Math.PI / 2;
  return mesh;
}

/** An upright wall facing +z at depth z, standing on y = 0. */
export function wall(
  surface: Surface,
  z: number,
  tile: number,
  roughness: number,
  bump: number,
  height = 40,
): THREE.Mesh {
  const mesh = sheet(80, height, surface, tile, roughness, bump);
  mesh.position.set(0, height / 2, z);
  return mesh;
}

function sheet(
  w: number,
  h: number,
  surface: Surface,
  tile: number,
  roughness: number,
  bump: number,
): THREE.Mesh {
  for (const texture of [surface.map, surface.bumpMap]) texture.repeat.set(w / tile, h / tile);
  const material = new THREE.MeshStandardMaterial({ ...surface, roughness, bumpScale: bump });
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(w, h), material);
  mesh.receiveShadow = true;
  return mesh;
}

/** A wall of one paint. */
export function plainWall(colour: string, z: number): THREE.Mesh {
  const mesh = new THREE.Mesh(
    new THREE.PlaneGeometry(80, 40),
    new THREE.MeshStandardMaterial({ color: colour, roughness: 0.95 }),
  );
  mesh.position.set(0, 20, z);
  mesh.receiveShadow = true;
  return mesh;
}

/** A dome of sky with clouds. */
export function sky(zenith: string, horizon: string, clouds: number, seed: number): THREE.Mesh {
  const [top, low]: [Rgb, Rgb] = [rgb(zenith), rgb(horizon)];
  const { map, bumpMap } = pixelTextures(512, (u, v) => {
    const height = Math.max(0, 1 - 2 * v);
    const cloud =
      smoothstep(0.62 - 0.25 * clouds, 0.85, tileFbm(u * 2, v * 5, 5, 5, seed)) * smoothstep(0, 0.1, height);
    return { colour: mix(mix(low, top, Math.min(1, height * 2.4)), [250, 250, 250], cloud * 0.9), height: 0 };
  });
  bumpMap.dispose();
  const dome = new THREE.Mesh(
    new THREE.SphereGeometry(70, 48, 32),
    new THREE.MeshBasicMaterial({ map, side: THREE.BackSide, fog: false }),
  );
  return dome;
}

/** Blades of grass over a disc around the origin, shorter near the middle so the subject is not buried. */
export function grass(
  rng: Rng,
  count: number,
  radius: number,
  colours: readonly string[],
): THREE.InstancedMesh {
  const blade = new THREE.PlaneGeometry(0.05, 1, 1, 3);
  blade.translate(0, 0.5, 0);
  const position = blade.attributes.position as THREE.BufferAttribute;
  for (let i = 0; i < position.count; i++) {
    const y = position.getY(i);
    position.setXYZ(i, position.getX(i) * (1 - 0.85 * y), y, 0.3 * y * y);
  }
  blade.computeVertexNormals();
  const mesh = new THREE.InstancedMesh(
    blade,
    new THREE.MeshStandardMaterial({ roughness: 0.8, side: THREE.DoubleSide }),
    count,
  );
  const [matrix, turn, colour] = [new THREE.Matrix4(), new THREE.Quaternion(), new THREE.Color()];
  for (let i = 0; i < count; i++) {
    const r = radius * Math.sqrt(rng.next());
    const a = rng.range(0, 2 * Math.PI);
    const h = rng.range(0.16, 0.34) * (0.55 + 0.75 * smoothstep(0.8, 2.6, r));
    turn.setFromEuler(new THREE.Euler(rng.range(-0.35, 0.35), rng.range(0, 6.28), rng.range(-0.35, 0.35)));
    matrix.compose(
      new THREE.Vector3(r * Math.cos(a), -0.02, r * Math.sin(a)),
      turn,
      new THREE.Vector3(1, h, h),
    );
    mesh.setMatrixAt(i, matrix);
    mesh.setColorAt(i, colour.set(rng.pick(colours)).multiplyScalar(rng.range(0.75, 1.15)));
  }
  mesh.receiveShadow = true;
  return mesh;
}

/** Fallen leaves. */
export function litter(
  rng: Rng,
  count: number,
  radius: number,
  colours: readonly string[],
): THREE.InstancedMesh {
  const shape = new THREE.Shape();
  shape.moveTo(0, -0.2);
  shape.quadraticCurveTo(0.16, 0, 0, 0.24);
  shape.quadraticCurveTo(-0.16, 0, 0, -0.2);
  const geometry = new THREE.ShapeGeometry(shape, 6);
  const position = geometry.attributes.position as THREE.BufferAttribute;
  for (let i = 0; i < position.count; i++)
    position.setZ(i, 1.6 * position.getX(i) ** 2 + 0.5 * position.getY(i) ** 2);
  geometry.computeVertexNormals();
  const mesh = new THREE.InstancedMesh(
    geometry,
    new THREE.MeshStandardMaterial({ roughness: 0.75, side: THREE.DoubleSide }),
    count,
  );
  const [matrix, turn, colour] = [new THREE.Matrix4(), new THREE.Quaternion(), new THREE.Color()];
  for (let i = 0; i < count; i++) {
    const r = radius * Math.sqrt(rng.next());
    const a = rng.range(0, 2 * Math.PI);
    const s = rng.range(0.7, 1.5);
    turn.setFromEuler(
      new THREE.Euler(-Math.PI / 2 + rng.range(-0.3, 0.3), rng.range(-0.3, 0.3), rng.range(0, 6.28)),
    );
    matrix.compose(
      new THREE.Vector3(r * Math.cos(a), 0.02, r * Math.sin(a)),
      turn,
      new THREE.Vector3(s, s, s),
    );
    mesh.setMatrixAt(i, matrix);
    mesh.setColorAt(i, colour.set(rng.pick(colours)).multiplyScalar(rng.range(0.8, 1.1)));
  }
  mesh.receiveShadow = true;
  mesh.castShadow = true;
  return mesh;
}

/** A row of bushes at depth z. */
export function hedge(rng: Rng, z: number, height: number, colours: readonly string[]): THREE.Group {
  const out = new THREE.Group();
  const foliage = leafage(rng.int(90000));
  for (let i = 0; i < 46; i++) {
    const r = rng.range(0.8, 1.7) * (height / 3);
    const material = new THREE.MeshStandardMaterial({
      ...foliage,
      color: rng.pick(colours),
      roughness: 0.95,
      bumpScale: 6,
    });
    const bush = solid(new THREE.IcosahedronGeometry(r, 9), material, [
      rng.range(-22, 22),
      rng.range(0, height),
      z + rng.range(-1.5, 0.6),
    ]);
    const position = bush.geometry.attributes.position as THREE.BufferAttribute;
    for (let k = 0; k < position.count; k++) {
      const [x, y, w] = [position.getX(k), position.getY(k), position.getZ(k)];
      const s = 0.78 + 0.5 * fbm3(x * 1.7 + i * 5, y * 1.7, w * 1.7, 3, i);
      position.setXYZ(k, x * s, y * s, w * s);
    }
    bush.geometry.computeVertexNormals();
    bush.castShadow = false;
    out.add(bush);
  }
  return out;
}

/** Tree trunks with forked tops, out of focus behind the scene. */
export function trunks(rng: Rng, near: number, far: number): THREE.Group {
  const out = new THREE.Group();
  for (let i = 0; i < 16; i++) {
    const x = rng.range(-16, 16);
    const z = -rng.range(near, far);
    const r = rng.range(0.3, 0.8);
    const bark = paint(rng.pick(['#5a4636', '#6b5644', '#4a3c32', '#8a7f72']), 0.95);
    out.add(
      rope(
        [
          [x, -0.2, z],
          [x + rng.range(-0.3, 0.3), 4, z],
          [x + rng.range(-0.8, 0.8), 12, z],
        ],
        r,
        bark,
      ),
    );
  }
  return out;
}

/** Upright boards with a rail. */
export function fence(rng: Rng, z: number, colour: string): THREE.Group {
  const out = new THREE.Group();
  for (let x = -20; x < 20; x += 0.95) {
    const tone = new THREE.Color(colour).multiplyScalar(rng.range(0.82, 1.1));
    const board = block(
      [0.8, 4.2 + rng.range(-0.1, 0.1), 0.16],
      paint(`#${tone.getHexString()}`, 0.85),
      [x, 2.1, z],
      0.04,
    );
    out.add(board);
  }
  out.add(block([44, 0.3, 0.2], paint(colour, 0.85), [0, 3.2, z - 0.15], 0.03));
  return out;
}

/** A framed picture for a wall. */
export function picture(
  map: THREE.Texture,
  frame: string,
  size: readonly [number, number],
  at: readonly [number, number, number],
): THREE.Group {
  const [w, h] = size;
  const out = new THREE.Group();
  out.add(
    block([w, h, 0.12], paint(frame, 0.5), [0, 0, 0], 0.02),
    block([w - 0.3, h - 0.3, 0.02], paint('#f4f1ea', 0.9), [0, 0, 0.06], 0.005),
    solid(
      new THREE.PlaneGeometry(w - 0.9, h - 0.9),
      new THREE.MeshStandardMaterial({ map, roughness: 0.8 }),
      [0, 0, 0.08],
    ),
  );
  out.position.set(...at);
  return out;
}
