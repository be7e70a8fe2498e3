import * as THREE from 'three';
import { describe, expect, it } from 'vitest';
import { cone, ellipsoid, Field } from './field.ts';
import { meshField } from './surface-nets.ts';

const white = (_part: string, _p: THREE.Vector3, out: THREE.Color) => out.setRGB(1, 1, 1);

function mesh(field: Field, cell = 0.08) {
  const geometry = meshField(field, { cell, coat: white, softness: 0.02 });
  const position = geometry.attributes.position as THREE.BufferAttribute;
  const index = geometry.index as THREE.BufferAttribute;
  const at = (i: number) => new THREE.Vector3().fromBufferAttribute(position, i);
  return { geometry, position, index, at };
}

describe('surface nets', () => {
  it('puts a sphere on its radius with outward normals', () => {
    const joint = new THREE.Object3D();
    joint.position.set(0.3, -0.2, 0.1);
    const { geometry, position, at } = mesh(
      new Field([ellipsoid('body', joint, [0, 0, 0], [0.7, 0.7, 0.7])]),
    );
    expect(position.count).toBeGreaterThan(500);
    const normal = new THREE.Vector3();
    for (let i = 0; i < position.count; i++) {
      const p = at(i).sub(joint.position);
      expect(Math.abs(p.length() - 0.7)).toBeLessThan(0.004);
      normal.fromBufferAttribute(geometry.attributes.normal as THREE.BufferAttribute, i);
      expect(normal.dot(p.normalize())).toBeGreaterThan(0.99);
    }
  });

  it('closes the surface and winds it outwards: enclosed volume is the sphere, every edge has two faces', () => {
    const { index, at } = mesh(
      new Field([ellipsoid('body', new THREE.Object3D(), [0, 0, 0], [0.7, 0.7, 0.7])]),
      0.06,
    );
    let volume = 0;
    const edges = new Map<string, number>();
    for (let f = 0; f < index.count; f += 3) {
      const [a, b, c] = [index.getX(f), index.getX(f + 1), index.getX(f + 2)];
      volume += at(a).dot(at(b).cross(at(c))) / 6;
      for (const [p, q] of [
        [a, b],
        [b, c],
        [c, a],
      ] as const) {
        const key = `${Math.min(p, q)}-${Math.max(p, q)}`;
        edges.set(key, (edges.get(key) ?? 0) + 1);
      }
    }
    expect(volume / ((4 / 3) * Math.PI * 0.7 ** 3)).toBeGreaterThan(0.985);
    expect(volume / ((4 / 3) * Math.PI * 0.7 ** 3)).toBeLessThan(1.005);
    expect([...edges.values()].every((n) => n === 2)).toBe(true);
  });

  it('looks colours up in the coordinates of the posed joint', () => {
    const joint = new THREE.Object3D();
    joint.rotation.z = Math.PI / 2;
    const field = new Field([cone('limb', joint, [0, 0, 0], [0, 1, 0], 0.2, 0.2)]);
    const tip = (_part: string, p: THREE.Vector3, out: THREE.Color) => out.setRGB(p.y > 0.9 ? 1 : 0, 0, 0);
    const colour = new THREE.Color();
    field.colour(-1.2, 0, 0, tip, 0.02, colour);
    expect(colour.r).toBeCloseTo(1);
    field.colour(0.2, 0, 0, tip, 0.02, colour);
    expect(colour.r).toBeCloseTo(0);
  });

  it('cuts volumes out', () => {
    const joint = new THREE.Object3D();
    const hole = { ...ellipsoid('hole', joint, [0, 0.7, 0], [0.4, 0.4, 0.4], 0.02), cut: true };
    const field = new Field([ellipsoid('body', joint, [0, 0, 0], [0.7, 0.7, 0.7], 0.02), hole]);
    expect(field.distance(0, 0.5, 0)).toBeGreaterThan(0);
    expect(field.distance(0, 0, 0)).toBeLessThan(0);
  });
});
