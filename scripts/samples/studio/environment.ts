/** What shiny things reflect: a small bright room or an open sky, in the colours of the rig. */
import * as THREE from 'three';
import type { LightName } from '../plan/types.ts';
import { plainRig, type Rig } from './lights.ts';

function panel(
  room: THREE.Scene,
  colour: string,
  power: number,
  size: [number, number],
  at: [number, number, number],
) {
  const material = new THREE.MeshBasicMaterial({
    color: new THREE.Color(colour).multiplyScalar(power),
    side: 2,
  });
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(...size), material);
  mesh.position.set(...at);
  mesh.lookAt(0, 0, 0);
  room.add(mesh);
}

const ready = new Map<LightName, THREE.Texture>();

/**
 * Sets what the scene reflects. Prefiltering is slow in software, so there is one environment a named light,
 * kept for the life of the page and turned to the shot's own key direction.
 */
export function surround(renderer: THREE.WebGLRenderer, scene: THREE.Scene, name: LightName, rig: Rig): void {
  const environment = ready.get(name) ?? prefiltered(renderer, plainRig(name));
  ready.set(name, environment);
  scene.environment = environment;
  scene.environmentIntensity = 0.42;
  scene.environmentRotation.y = ((rig.keyAzimuth - plainRig(name).keyAzimuth) * Math.PI) / 180;
}

function prefiltered(renderer: THREE.WebGLRenderer, rig: Rig): THREE.Texture {
  const room = new THREE.Scene();
  const dome = new THREE.SphereGeometry(50, 48, 24);
  const colours: number[] = [];
  const position = dome.attributes.position as THREE.BufferAttribute;
  const top = new THREE.Color(rig.skyTop);
  const horizon = new THREE.Color(rig.skyHorizon);
  const ground = new THREE.Color(rig.bounce).multiplyScalar(0.55);
  const colour = new THREE.Color();
  for (let i = 0; i < position.count; i++) {
    const h = position.getY(i) / 50;
    colour.copy(horizon).lerp(h > 0 ? top : ground, Math.min(1, Math.abs(h) * (h > 0 ? 1.4 : 6)));
    colours.push(colour.r, colour.g, colour.b);
  }
  dome.setAttribute('color', new THREE.Float32BufferAttribute(colours, 3));
  room.add(new THREE.Mesh(dome, new THREE.MeshBasicMaterial({ vertexColors: true, side: THREE.BackSide })));
  const a = (rig.keyAzimuth * Math.PI) / 180;
  const e = (rig.keyElevation * Math.PI) / 180;
  const at = (da: number, de: number, r: number): [number, number, number] => [
    Math.sin(a + da) * Math.cos(e + de) * r,
    Math.sin(e + de) * r,
    Math.cos(a + da) * Math.cos(e + de) * r,
  ];
  panel(room, rig.key, 9, [12, 14], at(0, 0, 24));
  panel(room, rig.skyTop, 3.5, [18, 5], at(2.4, 0.1, 26));
  panel(room, rig.skyHorizon, 2.5, [5, 16], at(-1.5, -0.2, 26));
  const generator = new THREE.PMREMGenerator(renderer);
  const target = generator.fromScene(room, 0.02);
  generator.dispose();
  disposeTree(room);
  return target.texture;
}

/**
 * Frees geometries and textures below an object. Materials are left to the collector: disposing of the last one of a
 * kind would drop its compiled shader, and compiling again costs more than the picture.
 */
export function disposeTree(root: THREE.Object3D): void {
  root.traverse((object) => {
    if (!(object instanceof THREE.Mesh)) return;
    object.geometry.dispose();
    for (const material of Array.isArray(object.material) ? object.material : [object.material])
      for (const value of Object.values(material)) if (value instanceof THREE.Texture) value.dispose();
    if (object instanceof THREE.InstancedMesh) object.dispose();
  });
}
