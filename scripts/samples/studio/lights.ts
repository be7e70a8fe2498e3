/** Light rigs. A rig is one large key light and a sky; both are sampled many times a picture, so shadows are soft. */
import * as THREE from 'three';
import type { LightName } from '../plan/types.ts';
import type { Rng } from '../random.ts';

export interface Rig {
  /** Degrees; azimuth 0 is from the camera side (+z), positive to the right; elevation above the horizon. */
  keyAzimuth: number;
  keyElevation: number;
  key: string;
  keyIntensity: number;
  /** Radius of the key light as a tangent: 0.02 is the sun, 0.4 a window. */
  keyRadius: number;
  skyTop: string;
  skyHorizon: string;
  /** Irradiance of the open sky on level ground. */
  skyIrradiance: number;
  bounce: string;
}

const RIGS: Record<LightName, Rig> = {
  window: {
    keyAzimuth: -62,
    keyElevation: 38,
    key: '#fff1dc',
    keyIntensity: 2.6,
    keyRadius: 0.28,
    skyTop: '#e9eef8',
    skyHorizon: '#f4e6d2',
    skyIrradiance: 1.5,
    bounce: '#8a7a68',
  },
  lamp: {
    keyAzimuth: 40,
    keyElevation: 52,
    key: '#ffcf94',
    keyIntensity: 2.7,
    keyRadius: 0.22,
    skyTop: '#cfc6da',
    skyHorizon: '#ffdfba',
    skyIrradiance: 1.05,
    bounce: '#7b5a44',
  },
  overcast: {
    keyAzimuth: 20,
    keyElevation: 66,
    key: '#eef3ff',
    keyIntensity: 1.2,
    keyRadius: 0.5,
    skyTop: '#dfe8f7',
    skyHorizon: '#e8ebee',
    skyIrradiance: 2.1,
    bounce: '#6f7566',
  },
  sun: {
    keyAzimuth: 48,
    keyElevation: 46,
    key: '#fff0d0',
    keyIntensity: 3.6,
    keyRadius: 0.03,
    skyTop: '#a9c9f5',
    skyHorizon: '#e2ecf7',
    skyIrradiance: 1.3,
    bounce: '#7d7a5c',
  },
  evening: {
    keyAzimuth: -70,
    keyElevation: 20,
    key: '#ffb877',
    keyIntensity: 3.2,
    keyRadius: 0.06,
    skyTop: '#9fb2de',
    skyHorizon: '#ffd9b8',
    skyIrradiance: 1.2,
    bounce: '#7c5f50',
  },
  studio: {
    keyAzimuth: 35,
    keyElevation: 50,
    key: '#ffffff',
    keyIntensity: 2.2,
    keyRadius: 0.45,
    skyTop: '#ffffff',
    skyHorizon: '#f3f1ee',
    skyIrradiance: 1.7,
    bounce: '#8b8884',
  },
};

/** A light as it is listed, before a shot turns it. */
export function plainRig(name: LightName): Rig {
  return RIGS[name];
}

/** The rig of a shot: its named light, mirrored and turned by the shot's own stream. */
export function rigFor(name: LightName, rng: Rng): Rig {
  const rig = RIGS[name];
  const side = rng.chance(0.5) ? 1 : -1;
  return {
    ...rig,
    keyAzimuth: side * rig.keyAzimuth + rng.range(-14, 14),
    keyElevation: rig.keyElevation + rng.range(-6, 6),
    keyIntensity: rig.keyIntensity * rng.range(0.9, 1.1),
  };
}

function direction(azimuthDegrees: number, elevationDegrees: number): THREE.Vector3 {
  const a = (azimuthDegrees * Math.PI) / 180;
  const e = (elevationDegrees * Math.PI) / 180;
  return new THREE.Vector3(Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e));
}

function shadowLight(extent: number): THREE.DirectionalLight {
  const light = new THREE.DirectionalLight();
  light.castShadow = true;
  light.shadow.mapSize.set(1024, 1024);
  light.shadow.normalBias = 0.03;
  light.shadow.bias = -0.0004;
  const { camera } = light.shadow;
  [camera.left, camera.right, camera.top, camera.bottom] = [-extent, extent, extent, -extent];
  camera.near = 1;
  camera.far = 60;
  return light;
}

/** Lights in a scene that can be moved to sample (i of n) of the rig. */
export class SampledLights {
  private readonly key: THREE.DirectionalLight;
  private readonly sky: THREE.DirectionalLight;
  private readonly rig: Rig;
  private readonly focus: THREE.Vector3;

  /** @param extent half width in scene units of the region around `focus` that receives shadows */
  constructor(scene: THREE.Scene, rig: Rig, focus: THREE.Vector3, extent: number) {
    this.rig = rig;
    this.focus = focus;
    this.key = shadowLight(extent);
    this.sky = shadowLight(extent);
    this.key.color.set(rig.key);
    this.key.intensity = rig.keyIntensity;
    scene.add(this.key, this.key.target, this.sky, this.sky.target);
    scene.add(new THREE.HemisphereLight(rig.skyHorizon, rig.bounce, 0.55));
  }

  /** Moves key and sky to the i-th of n stratified samples (R2 low-discrepancy sequence). */
  place(i: number): void {
    const rig = this.rig;
    const focus = this.focus;
    const u = (0.5 + i * 0.7548776662466927) % 1;
    const v = (0.5 + i * 0.5698402909980532) % 1;
    const toKey = direction(rig.keyAzimuth, rig.keyElevation);
    const right = new THREE.Vector3(0, 1, 0).cross(toKey).normalize();
    const up = toKey.clone().cross(right);
    const r = Math.sqrt(u) * rig.keyRadius;
    toKey
      .addScaledVector(right, r * Math.cos(2 * Math.PI * v))
      .addScaledVector(up, r * Math.sin(2 * Math.PI * v));
    this.aim(this.key, toKey);

    // Uniform over the hemisphere: a directional light of intensity 2 S stands for a sky of irradiance S.
    const height = 0.1 + 0.9 * v;
    const azimuth = 2 * Math.PI * u;
    const flat = Math.sqrt(1 - height * height);
    this.aim(this.sky, new THREE.Vector3(flat * Math.cos(azimuth), height, flat * Math.sin(azimuth)));
    this.sky.color.set(rig.skyHorizon).lerp(new THREE.Color(rig.skyTop), height);
    this.sky.intensity = 2 * rig.skyIrradiance;
    this.sky.target.position.copy(focus);
  }

  private aim(light: THREE.DirectionalLight, toLight: THREE.Vector3): void {
    light.position.copy(this.focus).addScaledVector(toLight.normalize(), 30);
    light.target.position.copy(this.focus);
  }
}
