/** The plush body dogs and cats share: joints, volumes, pile, eyes, nose, collar. */
import * as THREE from 'three';
import type { Stance } from '../plan/types.ts';
import { type Blob, cone, ellipsoid, Field } from '../shapes/field.ts';
import { type FurOptions, plush } from '../shapes/fur.ts';
import { ball, paint, put, turned } from '../shapes/solids.ts';
import { meshField } from '../shapes/surface-nets.ts';
import { type AnimalCoat, coatPainter } from '../textures/coats.ts';

type Point = readonly [number, number, number];

export interface Build {
  fur: FurOptions;
  /** Volumes of the head (joint at its centre, radius about 0.5) beside the skull. */
  head(joint: THREE.Object3D): Blob[];
  skull: Point;
  /** Eye direction from the head's centre, and its radius. */
  eye: { at: Point; radius: number; slit: boolean };
  nose: { at: Point; size: Point };
  tail(root: THREE.Object3D, rump: Point, posture: string): Blob[];
  /** Extra stiff pieces on the head (whiskers). */
  whiskers: boolean;
}

interface Frame {
  body: { at: Point; pitch: number };
  head: Point;
  rump: Point;
  /** Hip or shoulder to paw; [from, to, radius at the top, radius at the paw]. Mirrored in x. */
  legs: readonly (readonly [Point, Point, number, number])[];
  haunch?: readonly [Point, Point];
}

const FRAMES: Record<string, Frame> = {
  stand: {
    body: { at: [0, 0.92, 0], pitch: 0 },
    head: [0, 1.5, 0.78],
    rump: [0, 1.1, -0.72],
    legs: [
      [[0.26, 0.8, 0.48], [0.27, 0.17, 0.52], 0.19, 0.18],
      [[0.27, 0.78, -0.5], [0.28, 0.17, -0.5], 0.22, 0.18],
    ],
  },
  sit: {
    body: { at: [0, 0.72, -0.08], pitch: -0.98 },
    head: [0, 1.62, 0.3],
    rump: [0, 0.26, -0.6],
    legs: [
      [[0.2, 0.95, 0.32], [0.22, 0.17, 0.56], 0.17, 0.17],
      [[0.38, 0.22, -0.1], [0.46, 0.18, 0.5], 0.22, 0.18],
    ],
    haunch: [
      [0.34, 0.38, -0.22],
      [0.26, 0.36, 0.36],
    ],
  },
  lie: {
    body: { at: [0, 0.44, -0.1], pitch: 0.02 },
    head: [0, 0.92, 0.8],
    rump: [0, 0.5, -0.82],
    legs: [
      [[0.28, 0.36, 0.4], [0.3, 0.18, 1.1], 0.2, 0.18],
      [[0.36, 0.26, -0.6], [0.52, 0.18, -0.1], 0.22, 0.18],
    ],
    haunch: [
      [0.32, 0.36, -0.5],
      [0.22, 0.32, 0.36],
    ],
  },
  sprawl: {
    body: { at: [0, 0.42, -0.1], pitch: 0.04 },
    head: [0, 0.78, 0.82],
    rump: [0, 0.46, -0.8],
    legs: [
      [[0.3, 0.36, 0.42], [0.85, 0.17, 0.72], 0.2, 0.18],
      [[0.3, 0.34, -0.55], [0.82, 0.17, -0.85], 0.22, 0.18],
    ],
  },
};
export const POSTURES = Object.keys(FRAMES);

/** A cone whose joint sits at the far end with +y pointing back, so coats can find the tip. */
export function limb(
  part: string,
  root: THREE.Object3D,
  from: Point,
  to: Point,
  ra: number,
  rb: number,
  seam = 0.14,
): Blob {
  const joint = new THREE.Object3D();
  const [start, end] = [new THREE.Vector3(...from), new THREE.Vector3(...to)];
  joint.position.copy(end);
  const back = start.clone().sub(end);
  const length = back.length();
  joint.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), back.divideScalar(length));
  root.add(joint);
  return cone(part, joint, [0, length, 0], [0, 0, 0], ra, rb, seam);
}

/** Point where the ray from a joint's centre along `direction` (joint coordinates) leaves the surface. */
export function onSurface(
  field: Field,
  joint: THREE.Object3D,
  direction: Point,
): { at: THREE.Vector3; out: THREE.Vector3 } {
  const centre = new THREE.Vector3().setFromMatrixPosition(joint.matrixWorld);
  const out = new THREE.Vector3(...direction).transformDirection(joint.matrixWorld);
  const at = new THREE.Vector3();
  let r = 1.6;
  for (; r > 0; r -= 0.004) {
    at.copy(centre).addScaledVector(out, r);
    if (field.distance(at.x, at.y, at.z) < 0) break;
  }
  return { at, out };
}

function eyes(coat: AnimalCoat, build: Build, field: Field, head: THREE.Object3D): THREE.Object3D[] {
  const glass = { clearcoat: 1, clearcoatRoughness: 0.25 };
  const out: THREE.Object3D[] = [];
  for (const side of [-1, 1]) {
    const [x, y, z] = build.eye.at;
    const { at, out: normal } = onSurface(field, head, [side * x, y, z]);
    const r = build.eye.radius;
    const eye = new THREE.Group();
    eye.add(ball(r, paint(coat.eye, 0.15, glass), [0, 0, 0], [1, 1, 0.7]));
    const pupil = ball(
      r * 0.72,
      paint('#0b0908', 0.1, glass),
      [0, 0, r * 0.28],
      [build.eye.slit ? 0.5 : 1, 1, 0.62],
    );
    const glint = ball(r * 0.2, new THREE.MeshBasicMaterial({ color: '#ffffff' }), [
      -r * 0.28,
      r * 0.36,
      r * 0.66,
    ]);
    glint.castShadow = false;
    eye.add(pupil, glint);
    eye.position.copy(at).addScaledVector(normal, build.fur.length * 0.55);
    eye.quaternion.setFromUnitVectors(new THREE.Vector3(0, 0, 1), normal);
    out.push(eye);
  }
  return out;
}

function nose(coat: AnimalCoat, build: Build, field: Field, head: THREE.Object3D): THREE.Object3D {
  const { at, out } = onSurface(field, head, build.nose.at);
  const piece = ball(
    1,
    paint(coat.nose, 0.35, { clearcoat: 0.6, clearcoatRoughness: 0.3 }),
    [0, 0, 0],
    build.nose.size,
  );
  piece.position.copy(at).addScaledVector(out, build.fur.length * 0.35);
  piece.quaternion.copy(head.getWorldQuaternion(new THREE.Quaternion()));
  return piece;
}

function whiskers(field: Field, head: THREE.Object3D): THREE.Object3D {
  const tuft = new THREE.Group();
  const hair = new THREE.MeshStandardMaterial({ color: '#f7f3ea', roughness: 0.5 });
  for (const side of [-1, 1])
    for (const lift of [-0.16, 0, 0.16]) {
      const { at } = onSurface(field, head, [side * 0.34, -0.28 + lift * 0.4, 0.8]);
      const strand = new THREE.Mesh(new THREE.CylinderGeometry(0.004, 0.009, 0.46, 6), hair);
      const direction = new THREE.Vector3(side, lift * 1.4, 0.22).transformDirection(head.matrixWorld);
      strand.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), direction);
      strand.position.copy(at).addScaledVector(direction, 0.2);
      tuft.add(strand);
    }
  return tuft;
}

function collar(coat: AnimalCoat, frame: Frame, head: THREE.Object3D): THREE.Object3D[] {
  if (!coat.collar) return [];
  const neck = new THREE.Vector3(...frame.head);
  const chest = new THREE.Vector3(
    0,
    frame.body.at[1] + (frame.body.pitch < -0.5 ? 0.42 : 0.1),
    frame.body.pitch < -0.5 ? 0.2 : 0.42,
  );
  const axis = neck.clone().sub(chest).normalize();
  const band = turned(
    [
      [0.43, -0.075],
      [0.5, -0.07],
      [0.52, 0],
      [0.5, 0.07],
      [0.43, 0.075],
    ],
    paint(coat.collar, 0.55, { sheen: 0.4 }),
  );
  band.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), axis);
  band.position.copy(neck).addScaledVector(axis, -0.4);
  if (!coat.tag) return [band];
  const tag = ball(0.11, paint(coat.tag, 0.25, { metalness: 0.7 }), [0, 0, 0], [1, 1, 0.35]);
  const forward = new THREE.Vector3(0, 0, 1).addScaledVector(axis, -axis.z).normalize();
  tag.position
    .copy(band.position)
    .addScaledVector(forward, 0.56)
    .add(new THREE.Vector3(0, -0.12, 0));
  tag.quaternion.copy(head.quaternion);
  return [band, tag];
}

/** A plush animal of a build in a coat, in the stance's posture, paws near y = 0. */
export function quadruped(build: Build, coat: AnimalCoat, stance: Stance): THREE.Group {
  const frame = FRAMES[stance.posture] ?? (FRAMES.sit as Frame);
  const root = new THREE.Object3D();
  const body = new THREE.Object3D();
  body.position.set(...frame.body.at);
  body.rotation.x = frame.body.pitch;
  const head = new THREE.Object3D();
  head.position.set(...frame.head);
  head.rotation.set((-stance.headPitch * Math.PI) / 180, (stance.headYaw * Math.PI) / 180, 0, 'YXZ');
  root.add(body, head);

  const blobs: Blob[] = [
    cone('body', body, [0, 0, -0.4], [0, 0.02, 0.4], 0.46, 0.42, 0.1),
    limb('body', root, [0, frame.body.at[1] + 0.1, 0.15], frame.head, 0.3, 0.3, 0.25),
    ...frame.legs.flatMap(([from, to, ra, rb]) =>
      [-1, 1].flatMap((side) => {
        const [a, b]: [Point, Point] = [
          [side * from[0], from[1], from[2]],
          [side * to[0], to[1], to[2]],
        ];
        const leg = limb('leg', root, a, b, ra, rb);
        const paw = ellipsoid('paw', leg.joint, [0, 0, 0], [rb * 1.12, rb * 1.02, rb * 1.12], 0.08);
        return [leg, { ...paw, part: 'leg' }];
      }),
    ),
    ...(frame.haunch
      ? [-1, 1].map((side) => {
          const [at, radii] = frame.haunch as readonly [Point, Point];
          return ellipsoid('body', root, [side * at[0], at[1], at[2]], radii, 0.12);
        })
      : []),
    ...build.tail(root, frame.rump, stance.posture),
    ellipsoid('head', head, [0, 0, 0], build.skull, 0.1),
    ...build.head(head),
  ];
  const field = new Field(blobs);
  const geometry = meshField(field, { cell: 0.042, coat: coatPainter(coat), softness: 0.025 });
  const animal = plush(geometry, build.fur);
  animal.add(...eyes(coat, build, field, head), nose(coat, build, field, head), ...collar(coat, frame, head));
  if (build.whiskers) animal.add(whiskers(field, head));
  return put(animal, [0, 0, 0]);
}
