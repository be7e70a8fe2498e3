/**
 * Plush pile as shells: the same surface drawn again and again a little further out, each time with fewer strands.
 * All shells are one instanced draw; the instance number is the height.
 */
import * as THREE from 'three';

export interface FurOptions {
  /** Length of the pile, scene units. */
  length: number;
  /** Strands per scene unit. */
  density: number;
  layers: number;
}

const VERTEX_HEAD = /* glsl */ `
uniform float furLength;
uniform float furLayers;
varying float vShell;
varying vec3 vStrand;
`;

const VERTEX_BODY = /* glsl */ `
vShell = (float(gl_InstanceID) + 1.0) / furLayers;
vStrand = position;
transformed += (normal + vec3(0.0, -0.45, 0.0) * vShell * vShell) * furLength * vShell;
`;

const FRAGMENT_HEAD = /* glsl */ `
uniform float furDensity;
varying float vShell;
varying vec3 vStrand;
float strandHash(vec3 p) {
  p = fract(p * vec3(0.1031, 0.1030, 0.0973));
  p += dot(p, p.yxz + 33.33);
  return fract((p.x + p.y) * p.z);
}
float clump(vec3 p) {
  vec3 i = floor(p);
  vec3 f = smoothstep(0.0, 1.0, fract(p));
  return mix(
    mix(mix(strandHash(i), strandHash(i + vec3(1, 0, 0)), f.x),
        mix(strandHash(i + vec3(0, 1, 0)), strandHash(i + vec3(1, 1, 0)), f.x), f.y),
    mix(mix(strandHash(i + vec3(0, 0, 1)), strandHash(i + vec3(1, 0, 1)), f.x),
        mix(strandHash(i + vec3(0, 1, 1)), strandHash(i + vec3(1, 1, 1)), f.x), f.y), f.z);
}
`;

const FRAGMENT_BODY = /* glsl */ `
vec3 strandCell = vStrand * furDensity;
float strandLength = 0.45 + 0.55 * strandHash(floor(strandCell));
float strandEdge = length(fract(strandCell) - 0.5);
float tuft = clump(vStrand * furDensity * 0.16);
if (strandLength * (0.65 + 0.7 * tuft) < vShell || strandEdge > 0.72 - 0.42 * vShell) discard;
`;

const FRAGMENT_SHADE = /* glsl */ `
diffuseColor.rgb *= mix(0.62, 1.12, vShell) * (0.86 + 0.24 * tuft);
`;

/** Adds the shell displacement and the strand cut to any built-in material; `shaded` also darkens the roots. */
function grow(material: THREE.Material, { length, density, layers }: FurOptions, shaded: boolean): void {
  material.onBeforeCompile = (shader) => {
    shader.uniforms.furLength = { value: length };
    shader.uniforms.furDensity = { value: density };
    shader.uniforms.furLayers = { value: layers };
    shader.vertexShader =
      VERTEX_HEAD +
      shader.vertexShader.replace('#include <begin_vertex>', `#include <begin_vertex>\n${VERTEX_BODY}`);
    const hook = '#include <color_fragment>';
    shader.fragmentShader =
      FRAGMENT_HEAD +
      shader.fragmentShader.replace(hook, `${hook}\n${FRAGMENT_BODY}${shaded ? FRAGMENT_SHADE : ''}`);
  };
  material.customProgramCacheKey = () => `fur-${shaded}`;
}

/**
 * A plush object from a coloured geometry: skin that casts shadows and shells over it.
 * The shells carry `userData.idMaterials(colour)`, the material of the mask pass, cut by the same strands.
 */
export function plush(geometry: THREE.BufferGeometry, options: FurOptions): THREE.Group {
  const skin = new THREE.Mesh(geometry, new THREE.MeshStandardMaterial({ vertexColors: true, roughness: 1 }));
  (skin.material as THREE.MeshStandardMaterial).color.setScalar(0.6);
  skin.castShadow = true;
  skin.receiveShadow = true;

  // Lambert: many layers are shaded, and pile reflects nothing. The factor stands in for the environment it does not see.
  const material = new THREE.MeshLambertMaterial({ vertexColors: true });
  material.color.setScalar(1.15);
  grow(material, options, true);
  const shells = new THREE.InstancedMesh(geometry, material, options.layers);
  for (let i = 0; i < options.layers; i++) shells.setMatrixAt(i, new THREE.Matrix4());
  shells.frustumCulled = false;
  shells.receiveShadow = true;
  const ids = new Map<number, THREE.Material>();
  shells.userData.idMaterials = (colour: THREE.Color) => {
    const id = ids.get(colour.getHex()) ?? new THREE.MeshBasicMaterial({ color: colour });
    if (!ids.has(colour.getHex())) grow(id, options, false);
    ids.set(colour.getHex(), id);
    return id;
  };
  return new THREE.Group().add(skin, shells);
}
