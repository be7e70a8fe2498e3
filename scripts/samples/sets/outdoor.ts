/** Gardens, streets, shores. */
import * as THREE from 'three';
import type { Rng } from '../random.ts';
import { ball, block, paint, solid } from '../shapes/solids.ts';
import { bricks, cloth, gingham, grains, tiles, turf } from '../textures/surfaces.ts';
import { fence, floor, grass, hedge, litter, sky, trunks, wall } from './ground.ts';

const GREENS = ['#5f8a3a', '#7a9f45', '#4b7a33', '#8fae52', '#6b9440'] as const;
const BUSHES = ['#3f6b35', '#567f3f', '#2f5a3a', '#6f8f4a'] as const;
const AUTUMN = ['#b5652a', '#d8932f', '#8a4a26', '#c9a24a', '#a33a24', '#7a6a3a'] as const;

const seed = (rng: Rng) => rng.int(90000);

function daySky(rng: Rng): THREE.Mesh {
  const [zenith, horizon] = rng.pick([
    ['#5b95d6', '#d6e6f2'],
    ['#7fa9d6', '#f0e6da'],
    ['#a9b8c6', '#dfe4e6'],
    ['#6a8fc9', '#ffdcb5'],
  ] as const);
  return sky(zenith, horizon, rng.next(), seed(rng));
}

export function lawn(rng: Rng): THREE.Object3D[] {
  const z = -rng.range(7, 11);
  const back = rng.chance(0.5)
    ? [fence(rng, z, rng.pick(['#a9835a', '#e9e6dd', '#6f8a8f', '#8a5f44']))]
    : [hedge(rng, z, rng.range(3, 5), BUSHES)];
  const out = [
    floor(turf(seed(rng)), 7, 1, 3),
    grass(rng.fork('blades'), 15000, 10, GREENS),
    ...back,
    daySky(rng),
  ];
  if (rng.chance(0.6)) {
    const petals = rng.pick(['#f4f1e6', '#f0c83a', '#d884b0']);
    const flower = new THREE.InstancedMesh(new THREE.SphereGeometry(0.09, 10, 8), paint(petals, 0.8), 70);
    const matrix = new THREE.Matrix4();
    for (let i = 0; i < 70; i++) {
      const [r, a] = [rng.range(1.8, 9), rng.range(0, 6.28)];
      flower.setMatrixAt(
        i,
        matrix.makeScale(1, 0.6, 1).setPosition(r * Math.cos(a), rng.range(0.2, 0.36), r * Math.sin(a)),
      );
    }
    flower.castShadow = true;
    out.push(flower);
  }
  return out;
}

export function pavement(rng: Rng): THREE.Object3D[] {
  const slabs = rng.chance(0.5)
    ? tiles(rng.pick(['#a8a39a', '#b5a58f', '#8f9296']), '#6f6a62', 3, 3, rng.chance(0.5), seed(rng))
    : grains('#5f6063', '#85868a', 4, 0.35, seed(rng));
  const z = -rng.range(4, 7);
  const back = rng.chance(0.65)
    ? wall(bricks(rng.pick(['#a5503a', '#b87a56', '#8a5648', '#c9a58a']), seed(rng)), z, 6.5, 0.95, 2.5)
    : hedge(rng, z, 4, BUSHES);
  const kerb = block([80, 0.5, 0.6], paint('#b5b1a8', 0.95), [0, 0.1, z + 1.2], 0.08);
  return [floor(slabs, 9, 0.9, 2), back, kerb, daySky(rng)];
}

export function beach(rng: Rng): THREE.Object3D[] {
  const sand = floor(grains('#d9bf94', '#ecd9b4', 7, 0.16, seed(rng)), 8, 1, 3, 60);
  const ripples = grains('#808080', '#a0a0a0', 16, 0.2, seed(rng)).bumpMap;
  ripples.repeat.set(24, 34);
  const water = paint(rng.pick(['#2f8fae', '#4aa6bd', '#2f6f9c']), 0.28, { bumpMap: ripples, bumpScale: 4 });
  const sea = solid(new THREE.PlaneGeometry(140, 60), water, [0, 0.03, -36]);
  sea.rotation.x = -Math.PI / 2;
  const foam = solid(new THREE.PlaneGeometry(140, 0.5), paint('#f4f6f4', 0.8), [0, 0.05, -6.1]);
  foam.rotation.x = -Math.PI / 2;
  const out: THREE.Object3D[] = [sand, sea, foam, daySky(rng)];
  for (let i = 0; i < 34; i++) {
    const [r, a] = [rng.range(1.7, 8), rng.range(0, 6.28)];
    const s = rng.range(0.06, 0.2);
    out.push(
      ball(
        s,
        paint(rng.pick(['#e8e0d2', '#b5aa9c', '#8f8a86', '#d8a896']), 0.7),
        [r * Math.cos(a), s * 0.3, r * Math.sin(a)],
        [1, 0.6, 0.8],
      ),
    );
  }
  return out;
}

export function forest(rng: Rng): THREE.Object3D[] {
  const autumn = rng.chance(0.6);
  const colours = autumn ? AUTUMN : [...GREENS, '#8a6a3a'];
  return [
    floor(grains('#4a3a28', '#6b5638', 6, 0.35, seed(rng)), 7, 1, 3),
    litter(rng.fork('leaves'), autumn ? 1500 : 500, 10, colours),
    trunks(rng, 5, 16),
    hedge(rng, -17, 7, autumn ? ['#b5803a', '#8a6a34', '#a3552a', '#5f6b34'] : BUSHES),
    daySky(rng),
  ];
}

export function picnic(rng: Rng): THREE.Object3D[] {
  const checks = cloth(
    gingham('#f6f1e6', rng.pick(['#c8342f', '#2f5d8c', '#5f8a3a', '#e0a82f']), 7),
    160,
    seed(rng),
  );
  const sheet = solid(
    new THREE.BoxGeometry(8, 0.1, 7),
    new THREE.MeshStandardMaterial({ ...checks, roughness: 0.95 }),
    [0, -0.048, 0],
  );
  sheet.rotation.y = rng.range(-0.5, 0.5);
  const ground = floor(turf(seed(rng)), 7, 1, 3);
  ground.position.y = -0.1;
  const blades = grass(rng.fork('blades'), 9000, 11, GREENS);
  blades.position.y = -0.24;
  return [ground, blades, sheet, hedge(rng, -10, 4.5, BUSHES), daySky(rng)];
}
