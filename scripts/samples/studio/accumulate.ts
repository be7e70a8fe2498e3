/**
 * A photograph is the mean of many renderings: each with the camera moved on its lens and inside its pixel, and the
 * lights moved over their area. The mean has antialiasing, soft shadows, sky occlusion and depth of field.
 */
import * as THREE from 'three';
import type { SampledLights } from './lights.ts';

const QUAD_VERTEX = /* glsl */ `
varying vec2 vUv;
void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }
`;

const COPY = /* glsl */ `
uniform sampler2D source;
uniform float weight;
varying vec2 vUv;
void main() { gl_FragColor = vec4(min(texture2D(source, vUv).rgb, vec3(12.0)) * weight, weight); }
`;

/** Exposure, tone curve, corner falloff and a trace of grain. */
const DEVELOP = /* glsl */ `
uniform sampler2D source;
uniform float exposure;
uniform float grain;
varying vec2 vUv;
float hash(vec2 p) { vec3 q = fract(vec3(p.xyx) * 0.1031); q += dot(q, q.yzx + 33.33); return fract((q.x + q.y) * q.z); }
void main() {
  vec3 c = texture2D(source, vUv).rgb * exposure;
  vec2 d = vUv - 0.5;
  c *= 1.0 - 0.28 * dot(d, d);
  gl_FragColor = vec4(c, 1.0);
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
  gl_FragColor.rgb += grain * (hash(gl_FragCoord.xy) - 0.5);
}
`;

export interface Lens {
  /** Renderings in the mean. */
  samples: number;
  /** Distance to the plane that is sharp, scene units. */
  focus: number;
  /** Radius of the lens, scene units. */
  aperture: number;
}

function target(width: number, height: number, type: THREE.TextureDataType): THREE.WebGLRenderTarget {
  return new THREE.WebGLRenderTarget(width, height, {
    type,
    magFilter: THREE.NearestFilter,
    minFilter: THREE.NearestFilter,
  });
}

/** Renders into float buffers of one size and develops them onto the canvas. */
export class Darkroom {
  private readonly single: THREE.WebGLRenderTarget;
  private readonly sum: THREE.WebGLRenderTarget;
  private readonly quad: THREE.Mesh<THREE.PlaneGeometry, THREE.ShaderMaterial>;
  private readonly quadScene = new THREE.Scene();
  private readonly quadCamera = new THREE.OrthographicCamera();
  private readonly copy = new THREE.ShaderMaterial({
    vertexShader: QUAD_VERTEX,
    fragmentShader: COPY,
    uniforms: { source: { value: null }, weight: { value: 1 } },
    depthTest: false,
    transparent: true,
    blending: THREE.CustomBlending,
    blendSrc: THREE.OneFactor,
    blendDst: THREE.OneFactor,
  });
  private readonly develop = new THREE.ShaderMaterial({
    vertexShader: QUAD_VERTEX,
    fragmentShader: DEVELOP,
    uniforms: { source: { value: null }, exposure: { value: 1 }, grain: { value: 0.012 } },
    depthTest: false,
  });
  private readonly renderer: THREE.WebGLRenderer;
  readonly width: number;
  readonly height: number;

  constructor(renderer: THREE.WebGLRenderer, width: number, height: number) {
    this.renderer = renderer;
    this.width = width;
    this.height = height;
    this.single = target(width, height, THREE.HalfFloatType);
    this.sum = target(width, height, THREE.FloatType);
    this.quad = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), this.copy);
    this.quad.frustumCulled = false;
    this.quadScene.add(this.quad);
  }

  /** Draws the photograph on the renderer's canvas, which must have this darkroom's size. */
  photograph(scene: THREE.Scene, camera: THREE.PerspectiveCamera, lights: SampledLights, lens: Lens): void {
    const { renderer, width, height } = this;
    const home = camera.position.clone();
    const right = new THREE.Vector3().setFromMatrixColumn(camera.matrixWorld, 0);
    const up = new THREE.Vector3().setFromMatrixColumn(camera.matrixWorld, 1);
    const pixelsPerTangent = height / 2 / Math.tan((camera.fov * Math.PI) / 360);
    renderer.setRenderTarget(this.sum);
    renderer.setClearColor(0x000000, 0);
    renderer.clear();
    for (let i = 0; i < lens.samples; i++) {
      lights.place(i);
      const radius = lens.aperture * Math.sqrt((i + 0.5) / lens.samples);
      const angle = i * 2.399963229728653;
      const [lx, ly] = [radius * Math.cos(angle), radius * Math.sin(angle)];
      const shift = pixelsPerTangent / lens.focus;
      const jx = ((0.5 + i * 0.7548776662466927) % 1) - 0.5;
      const jy = ((0.5 + i * 0.5698402909980532) % 1) - 0.5;
      camera.position.copy(home).addScaledVector(right, lx).addScaledVector(up, ly);
      camera.setViewOffset(width, height, jx - lx * shift, jy + ly * shift, width, height);
      camera.updateMatrixWorld();
      renderer.setRenderTarget(this.single);
      renderer.clear();
      renderer.render(scene, camera);
      this.pass(this.copy, this.single, this.sum, { weight: 1 / lens.samples });
    }
    camera.position.copy(home);
    camera.clearViewOffset();
    camera.updateMatrixWorld();
    this.pass(this.develop, this.sum, null, { exposure: this.exposure() });
  }

  /** Brightness that brings the mean of the picture part of the way to a middle tone. */
  private exposure(): number {
    const { width, height } = this;
    const values = new Float32Array(4 * width * height);
    this.renderer.readRenderTargetPixels(this.sum, 0, 0, width, height, values);
    let total = 0;
    for (let i = 0; i < values.length; i += 4)
      total += Math.log(0.02 + 0.2126 * values[i]! + 0.7152 * values[i + 1]! + 0.0722 * values[i + 2]!);
    const mean = Math.exp(total / (width * height));
    return Math.min(1.9, Math.max(0.55, (0.3 / mean) ** 0.7));
  }

  private pass(
    material: THREE.ShaderMaterial,
    source: THREE.WebGLRenderTarget,
    to: THREE.WebGLRenderTarget | null,
    values: Record<string, number>,
  ): void {
    material.uniforms.source!.value = source.texture;
    for (const [name, value] of Object.entries(values)) material.uniforms[name]!.value = value;
    this.quad.material = material;
    const { autoClear } = this.renderer;
    this.renderer.autoClear = to === null;
    this.renderer.setRenderTarget(to);
    this.renderer.render(this.quadScene, this.quadCamera);
    this.renderer.autoClear = autoClear;
  }

  dispose(): void {
    for (const item of [this.single, this.sum, this.copy, this.develop, this.quad.geometry]) item.dispose();
  }
}
