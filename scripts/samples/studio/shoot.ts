/** From a shot's plan to a picture and a mask. */
import * as THREE from 'three';
import { makeThing } from '../families/index.ts';
import type { CameraSpec, ShotSpec } from '../plan/types.ts';
import { Rng } from '../random.ts';
import { buildSet } from '../sets/index.ts';
import { Darkroom } from './accumulate.ts';
import { footprint, placeClutter } from './clutter.ts';
import { disposeTree, surround } from './environment.ts';
import { rigFor, SampledLights } from './lights.ts';
import { type Coverage, subjectCoverage } from './mask.ts';

export interface Picture {
  /** JPEG data URL. */
  jpeg: string;
  /** The ID pass when the plan asks for a mask. */
  mask: Coverage | null;
  /** Share of the subject that is not hidden, 0..1 (1 without a subject). */
  visible: number;
}

export interface Quality {
  /** Renderings per picture. */
  samples: number;
  /** JPEG quality, 0..1. */
  jpeg: number;
}

const PROBE = 96;

function orbit(spec: CameraSpec): THREE.Vector3 {
  const a = (spec.azimuth * Math.PI) / 180;
  const e = (spec.elevation * Math.PI) / 180;
  return new THREE.Vector3(Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e));
}

function aim(
  camera: THREE.PerspectiveCamera,
  spec: CameraSpec,
  centre: THREE.Vector3,
  distance: number,
  wander: number,
): void {
  const tangent = Math.tan((spec.fov * Math.PI) / 360);
  const back = orbit(spec);
  camera.position.copy(centre).addScaledVector(back, distance);
  camera.up.set(0, 1, 0);
  camera.lookAt(centre);
  const right = new THREE.Vector3(1, 0, 0).applyQuaternion(camera.quaternion);
  const up = new THREE.Vector3(0, 1, 0).applyQuaternion(camera.quaternion);
  const slide = new THREE.Vector3()
    .addScaledVector(right, -spec.offset[0] * wander * tangent * camera.aspect * distance)
    .addScaledVector(up, -spec.offset[1] * wander * tangent * distance);
  camera.position.add(slide);
  camera.position.y = Math.max(camera.position.y, 0.45);
  camera.lookAt(centre.clone().add(slide));
  camera.rotateZ((spec.roll * Math.PI) / 180);
  camera.updateMatrixWorld();
}

/** Moves the camera until the target fills the planned share of the picture and lies inside it. Returns the distance. */
function frame(
  renderer: THREE.WebGLRenderer,
  scene: THREE.Scene,
  camera: THREE.PerspectiveCamera,
  target: THREE.Object3D,
  spec: CameraSpec,
): number {
  const centre = new THREE.Box3().setFromObject(target, true).getCenter(new THREE.Vector3());
  let distance = 8;
  let wander = 1;
  for (let round = 0; round < 18; round++) {
    aim(camera, spec, centre, distance, wander);
    const seen = subjectCoverage(renderer, scene, camera, target, PROBE, PROBE, true);
    if (!seen.box || seen.fraction === 0) {
      distance *= 1.3;
      continue;
    }
    const { left, right, top, bottom } = seen.box;
    const cut = left < 2 || top < 2 || right > PROBE - 3 || bottom > PROBE - 3;
    if (cut && round > 2) {
      if (wander > 0.1) wander *= 0.6;
      distance *= 1.06;
      continue;
    }
    const ratio = Math.sqrt(seen.fraction / spec.fraction);
    if (!cut && Math.abs(ratio - 1) < 0.02) break;
    distance *= ratio;
  }
  return distance;
}

/** Takes clutter away, front pieces first, until enough of the subject is seen. */
function uncover(
  renderer: THREE.WebGLRenderer,
  scene: THREE.Scene,
  camera: THREE.PerspectiveCamera,
  subject: THREE.Object3D,
  clutter: THREE.Object3D[],
  minVisible: number,
): number {
  const alone = subjectCoverage(renderer, scene, camera, subject, PROBE * 2, PROBE * 2, true).fraction;
  const seen = () => subjectCoverage(renderer, scene, camera, subject, PROBE * 2, PROBE * 2).fraction / alone;
  const near = [...clutter].sort(
    (a, b) => a.position.distanceTo(camera.position) - b.position.distanceTo(camera.position),
  );
  let visible = seen();
  while (visible < minVisible && near.length) {
    const item = near.shift() as THREE.Object3D;
    scene.remove(item);
    const without = seen();
    if (without - visible < 0.005) scene.add(item);
    else disposeTree(item);
    visible = without;
  }
  return visible;
}

/** Renders a plan. The renderer's canvas is resized to the picture. */
export function shoot(renderer: THREE.WebGLRenderer, shot: ShotSpec, quality: Quality): Picture {
  const rng = new Rng(shot.seed);
  const scene = new THREE.Scene();
  const camera = new THREE.PerspectiveCamera(shot.camera.fov, shot.width / shot.height, 0.1, 200);
  renderer.setSize(shot.width, shot.height, false);

  const subject = shot.subject ? makeThing(shot.subject, `${shot.seed}/subject`) : null;
  if (subject) scene.add(subject);
  const toCamera = orbit(shot.camera).setY(0).normalize();
  const clutter = placeClutter(shot, subject && footprint(subject), toCamera, rng.fork('clutter'));
  for (const item of clutter) scene.add(item);
  const still = new THREE.Group();
  if (!subject) {
    for (const item of clutter) still.add(item);
    if (!clutter.length) still.add(new THREE.Mesh(new THREE.SphereGeometry(1.2)));
    scene.add(still);
  }
  const target = subject ?? still;
  const distance = frame(renderer, scene, camera, target, shot.camera);
  if (!subject && !clutter.length) scene.remove(still);
  scene.add(buildSet(shot.set, new Rng(shot.setSeed)));

  const visible = subject ? uncover(renderer, scene, camera, subject, clutter, shot.minVisible) : 1;
  const mask =
    subject && shot.mask ? subjectCoverage(renderer, scene, camera, subject, shot.width, shot.height) : null;

  const rig = rigFor(shot.light, rng.fork('light'));
  surround(renderer, scene, shot.light, rig);
  const focusPoint = new THREE.Box3().setFromObject(target, true).getCenter(new THREE.Vector3());
  const lights = new SampledLights(scene, rig, focusPoint, Math.min(16, Math.max(5.5, distance * 0.8)));
  const darkroom = new Darkroom(renderer, shot.width, shot.height);
  const lens = {
    samples: quality.samples,
    focus: distance,
    aperture: rng.fork('lens').range(0.004, 0.0095) * distance,
  };
  darkroom.photograph(scene, camera, lights, lens);
  const jpeg = renderer.domElement.toDataURL('image/jpeg', quality.jpeg);
  darkroom.dispose();
  disposeTree(scene);
  return { jpeg, mask, visible };
}
