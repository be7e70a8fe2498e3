import { describe, expect, it } from 'vitest';
import { ImageSizeError } from '../../images/errors.ts';
import type { PatchGeometry } from '../../images/geometry.ts';
import { maskToPatches } from '../../images/patches.ts';
import type { Mask } from '../../images/types.ts';
import { DenseInputError } from '../errors.ts';
import { area, overlap } from '../testing.ts';
import { type ProposalInput, proposeMask } from './propose.ts';

const WIDTH = 192;
const HEIGHT = 128;
const DIMENSION = 16;
const geometry: PatchGeometry = {
  photoWidth: WIDTH,
  photoHeight: HEIGHT,
  patchSize: 8,
  columns: 24,
  rows: 16,
  resizedWidth: WIDTH,
  resizedHeight: HEIGHT,
  originX: 0,
  originY: 0,
};

/** Repeatable noise in −1…1. */
const noise = (i: number) => (Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 31 - 1;
const drawn = (inside: (x: number, y: number) => boolean): Mask => ({
  width: WIDTH,
  height: HEIGHT,
  data: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    inside(i % WIDTH, Math.floor(i / WIDTH)) ? 255 : 0,
  ),
});
const disk = (cx: number, cy: number, radius: number) =>
  drawn((x, y) => (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2);

/** A photo of a thing that differs from its background in colour and in features, both noisy. */
function scene(thing: Mask): ProposalInput {
  const data = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  thing.data.forEach((value, i) => {
    const color = value > 0 ? [170, 90, 60] : [80, 110, 120];
    for (let c = 0; c < 3; c++) data[4 * i + c] = color[c]! + 25 * noise(4 * i + c);
    data[4 * i + 3] = 255;
  });
  const coverage = maskToPatches(thing, geometry);
  const tokens = Float32Array.from({ length: coverage.length * DIMENSION }, (_, at) => {
    const [patch, d] = [Math.floor(at / DIMENSION), at % DIMENSION];
    const signal = coverage[patch]! * Math.sin(d) + (1 - coverage[patch]!) * Math.cos(2 * d);
    return signal + 0.5 * noise(at + 7e6);
  });
  return { pixels: { width: WIDTH, height: HEIGHT, data }, tokens, dimension: DIMENSION, geometry };
}

const on = (x: number, y: number) => ({ x, y, positive: true });
const off = (x: number, y: number) => ({ x, y, positive: false });

describe('proposeMask', () => {
  it.each([
    { name: 'small', thing: disk(60, 50, 14) },
    { name: 'middling', thing: disk(110, 70, 30) },
    { name: 'large', thing: disk(96, 64, 50) },
    { name: 'at the border', thing: disk(180, 110, 30) },
  ])('follows the edge of a $name thing more finely than patches do', ({ thing }) => {
    const center = thing.data.reduce(
      ({ x, y, n }, value, i) =>
        value > 0 ? { x: x + (i % WIDTH), y: y + Math.floor(i / WIDTH), n: n + 1 } : { x, y, n },
      { x: 0, y: 0, n: 0 },
    );
    const input = scene(thing);
    const proposal = proposeMask(input, [on(center.x / center.n, center.y / center.n)]);
    expect(overlap(proposal, thing)).toBeGreaterThan(0.93);
    expect(new Set(proposal.data)).toEqual(new Set([0, 255]));
  });

  it('does not need a click in the middle', () => {
    const thing = disk(110, 70, 30);
    for (const [x, y] of [
      [90, 70],
      [125, 85],
      [110, 45],
    ] as const) {
      expect(overlap(proposeMask(scene(thing), [on(x, y)]), thing)).toBeGreaterThan(0.93);
    }
  });

  it('takes the clicked one of two alike, and both when both are clicked', () => {
    const [left, right] = [disk(45, 60, 22), disk(145, 60, 22)];
    const both = drawn((x, y) => left.data[y * WIDTH + x]! > 0 || right.data[y * WIDTH + x]! > 0);
    const input = scene(both);
    expect(overlap(proposeMask(input, [on(45, 60)]), left)).toBeGreaterThan(0.9);
    expect(overlap(proposeMask(input, [on(145, 60)]), right)).toBeGreaterThan(0.9);
    expect(overlap(proposeMask(input, [on(45, 60), on(145, 60)]), both)).toBeGreaterThan(0.9);
  });

  it('fills holes, unless one is clicked as "not this"', () => {
    const full = disk(96, 64, 40);
    const ring = drawn((x, y) => full.data[y * WIDTH + x]! > 0 && (x - 96) ** 2 + (y - 64) ** 2 >= 14 ** 2);
    const input = scene(ring);
    expect(overlap(proposeMask(input, [on(70, 64)]), full)).toBeGreaterThan(0.93);
    expect(overlap(proposeMask(input, [on(70, 64), off(96, 64)]), ring)).toBeGreaterThan(0.93);
  });

  it('leaves out a neighbour that was clicked as "not this"', () => {
    const [left, right] = [disk(70, 64, 24), disk(114, 64, 24)];
    const touching = drawn((x, y) => left.data[y * WIDTH + x]! > 0 || right.data[y * WIDTH + x]! > 0);
    const input = scene(touching);
    const corrected = proposeMask(input, [on(70, 64), off(114, 64)]);
    expect(corrected.data[64 * WIDTH + 114]).toBe(0);
    expect(corrected.data[64 * WIDTH + 70]).toBe(255);
    expect(overlap(corrected, left)).toBeGreaterThan(overlap(touching, left) + 0.15);
  });

  it('moves with the photo when it is mirrored', () => {
    const thing = disk(60, 50, 20);
    const input = scene(thing);
    const mirrored: ProposalInput = {
      ...input,
      pixels: {
        ...input.pixels,
        data: input.pixels.data.map((_, i) => {
          const [x, y] = [Math.floor(i / 4) % WIDTH, Math.floor(i / 4 / WIDTH)];
          return input.pixels.data[4 * (y * WIDTH + WIDTH - 1 - x) + (i % 4)]!;
        }),
      },
      tokens: input.tokens.map((_, i) => {
        const [column, row] = [Math.floor(i / DIMENSION) % 24, Math.floor(i / DIMENSION / 24)];
        return input.tokens[(row * 24 + 23 - column) * DIMENSION + (i % DIMENSION)]!;
      }),
    };
    const straight = proposeMask(input, [on(60.5, 50.5)]);
    const back = proposeMask(mirrored, [on(WIDTH - 60.5, 50.5)]);
    const again: Mask = {
      ...back,
      data: back.data.map((_, i) => back.data[i - (i % WIDTH) + WIDTH - 1 - (i % WIDTH)]!),
    };
    expect(overlap(again, straight)).toBeGreaterThan(0.98);
  });

  it('holds the clicked pixel even where the photo says nothing', () => {
    const input = scene(drawn(() => false));
    input.pixels.data.fill(128);
    const proposal = proposeMask({ ...input, tokens: new Float32Array(input.tokens.length).fill(1) }, [
      on(20, 100),
    ]);
    expect(proposal.data[100 * WIDTH + 20]).toBe(255);
    expect(area(proposal)).toBeLessThan(WIDTH * HEIGHT);
  });

  it('refuses clicks and grids that do not fit', () => {
    const input = scene(disk(60, 50, 20));
    expect(() => proposeMask(input, [])).toThrow(DenseInputError);
    expect(() => proposeMask(input, [off(3, 3)])).toThrow('at least one click');
    expect(() => proposeMask(input, [on(WIDTH, 3)])).toThrow('outside the photo');
    const other = { ...geometry, photoWidth: 100 };
    expect(() => proposeMask({ ...input, geometry: other }, [on(3, 3)])).toThrow(ImageSizeError);
    const cropped = { ...geometry, resizedWidth: 2 * WIDTH, originX: -WIDTH / 2 };
    expect(() => proposeMask({ ...input, geometry: cropped }, [on(96, 64)])).toThrow('whole photo');
  });
});
