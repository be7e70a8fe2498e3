/** The ID pass: the subject in white, everything else in black, same camera, so occlusion is exact. */
import * as THREE from 'three';

export interface Coverage {
  width: number;
  height: number;
  /** 255 where at least half of the pixel shows the subject, else 0; row-major from the top. */
  data: Uint8Array;
  /** Share of the image, 0..1. */
  fraction: number;
  /** Inclusive pixel box of the subject, or null when it is not seen. */
  box: { left: number; top: number; right: number; bottom: number } | null;
}

const WHITE = new THREE.Color(1, 1, 1);
const BLACK = new THREE.Color(0, 0, 0);

const plain = (side: THREE.Side): readonly [THREE.Material, THREE.Material] => [
  new THREE.MeshBasicMaterial({ color: BLACK, side }),
  new THREE.MeshBasicMaterial({ color: WHITE, side }),
];
/** Black and white of each side, shared by all meshes. */
const PLAIN = {
  [THREE.FrontSide]: plain(THREE.FrontSide),
  [THREE.BackSide]: plain(THREE.BackSide),
  [THREE.DoubleSide]: plain(THREE.DoubleSide),
} as const;

/** Set on `userData.idMaterials` by meshes whose vertices or holes are made in the shader. */
export type IdMaterials = (colour: THREE.Color) => THREE.Material;

/** Plain material with the silhouette of the mesh's own (double sides, shell displacement). */
function idMaterial(mesh: THREE.Mesh, colour: THREE.Color): THREE.Material {
  const { idMaterials } = mesh.userData as { idMaterials?: IdMaterials };
  if (idMaterials) return idMaterials(colour);
  const { side } = (Array.isArray(mesh.material) ? mesh.material[0] : mesh.material) as THREE.Material;
  return PLAIN[side][colour === WHITE ? 1 : 0];
}

/**
 * Where the subject is seen. `alone` hides every other mesh (what would be seen without occluders).
 * Rendered at twice the size; a pixel counts when at least two of its four samples hit.
 */
export function subjectCoverage(
  renderer: THREE.WebGLRenderer,
  scene: THREE.Scene,
  camera: THREE.PerspectiveCamera,
  subject: THREE.Object3D,
  width: number,
  height: number,
  alone = false,
): Coverage {
  const own = new Set<THREE.Object3D>();
  subject.traverse((object) => own.add(object));
  const restore: (() => void)[] = [];
  scene.traverse((object) => {
    if (!(object instanceof THREE.Mesh)) return;
    const before = object.material as THREE.Material;
    const { visible } = object;
    const id = idMaterial(object, own.has(object) ? WHITE : BLACK);
    object.material = id;
    if (alone && !own.has(object)) object.visible = false;
    restore.push(() => {
      object.material = before;
      object.visible = visible;
    });
  });
  const { background, environment } = scene;
  scene.background = null;
  scene.environment = null;
  const shadows = renderer.shadowMap.enabled;
  renderer.shadowMap.enabled = false;
  const target = new THREE.WebGLRenderTarget(width * 2, height * 2);
  const bytes = new Uint8Array(16 * width * height);
  renderer.setRenderTarget(target);
  renderer.setClearColor(0x000000, 1);
  renderer.clear();
  renderer.render(scene, camera);
  renderer.readRenderTargetPixels(target, 0, 0, width * 2, height * 2, bytes);
  renderer.setRenderTarget(null);
  target.dispose();
  for (const undo of restore) undo();
  renderer.shadowMap.enabled = shadows;
  scene.background = background;
  scene.environment = environment;
  return majority(bytes, width, height);
}

/** Halves a bottom-up RGBA buffer of twice the size to a top-down binary mask. */
function majority(bytes: Uint8Array, width: number, height: number): Coverage {
  const data = new Uint8Array(width * height);
  let count = 0;
  let box: Coverage['box'] = null;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let hits = 0;
      for (let s = 0; s < 4; s++) {
        const row = 2 * height - 1 - (2 * y + (s >> 1));
        if (bytes[4 * (row * 2 * width + 2 * x + (s & 1))]! > 127) hits++;
      }
      if (hits < 2) continue;
      data[y * width + x] = 255;
      count++;
      box ??= { left: x, right: x, top: y, bottom: y };
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.bottom = y;
    }
  }
  return { width, height, data, fraction: count / (width * height), box };
}
