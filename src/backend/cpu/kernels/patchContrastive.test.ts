import { describe, expect, it } from 'vitest';
import { onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';

interface Case {
  triplets: number;
  tokens: number;
  patches: number;
  channels: number;
  /** Share of patches that are object, and that are background. */
  object: number;
  background: number;
  workspaceBytes?: number;
}

const TAU = 0.1;

/** Coverage of anchors and positives: some patches object, some background, some unknown, some between the two. */
function coverageOf({ triplets, patches, object, background }: Case): Float32Array {
  return testNumbers(2 * triplets * patches, 7).map((value) => {
    const u = (value + 1) / 2;
    if (u < object) return 0.6 + 0.4 * u;
    if (u < object + background) return 0.2;
    return u < object + background + (1 - object - background) / 2 ? -1 : 0.45;
  });
}

/** Loss and gradient in f64, pair by pair. */
function reference(x: Float32Array, coverage: Float32Array, { triplets, tokens, patches, channels }: Case) {
  const gradient = new Float64Array(x.length);
  let loss = 0;
  const start = (view: number, i: number) => (view * tokens + tokens - patches + i) * channels;
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += x[a + c]! * x[b + c]!;
    return sum;
  };
  const add = (target: number, source: number, factor: number) => {
    for (let c = 0; c < channels; c++) gradient[target + c]! += factor * x[source + c]!;
  };
  for (let b = 0; b < triplets; b++) {
    const objects: number[][] = [[], []];
    const against: number[] = [];
    for (let side = 0; side < 2; side++) {
      for (let i = 0; i < patches; i++) {
        const covered = coverage[(side * triplets + b) * patches + i]!;
        if (covered >= 0.5) objects[side]!.push(start(side * triplets + b, i));
        else if (covered >= 0 && covered < 0.3) against.push(start(side * triplets + b, i));
      }
    }
    for (let i = 0; i < patches; i++) against.push(start(2 * triplets + b, i));
    const weight = 1 / (2 * objects[0]!.length * objects[1]!.length * triplets);
    if (!Number.isFinite(weight)) continue;
    for (let side = 0; side < 2; side++) {
      for (const u of objects[side]!) {
        const products = against.map((w) => dot(u, w) / TAU);
        const most = Math.max(...products);
        const total = products.reduce((sum, s) => sum + Math.exp(s - most), 0);
        let mistaken = 0;
        for (const v of objects[1 - side]!) {
          const z = most + Math.log(total) - dot(u, v) / TAU;
          loss += weight * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
          const wrong = 1 / (1 + Math.exp(-z));
          mistaken += wrong;
          add(u, v, (-wrong * weight) / TAU);
          add(v, u, (-wrong * weight) / TAU);
        }
        against.forEach((w, k) => {
          const factor = (Math.exp(products[k]! - most) / total) * mistaken * (weight / TAU);
          add(u, w, factor);
          add(w, u, factor);
        });
      }
    }
  }
  return { loss, gradient };
}

const CASES: Record<string, Case> = {
  'one patch': { triplets: 1, tokens: 1, patches: 1, channels: 4, object: 1, background: 0 },
  'all object': { triplets: 2, tokens: 9, patches: 9, channels: 12, object: 1, background: 0 },
  'odd sizes, some without object': {
    ...{ triplets: 5, tokens: 8, patches: 7, channels: 20, object: 0.3, background: 0.4 },
  },
  'more terms than a block, chunks of two': {
    ...{ triplets: 3, tokens: 138, patches: 137, channels: 24, object: 0.55, background: 0.3 },
    workspaceBytes: 2 * 86_000 * 4,
  },
  'more rows than a block': {
    ...{ triplets: 1, tokens: 258, patches: 257, channels: 28, object: 0.8, background: 0.1 },
  },
};

describe('the patch term on the processor', () => {
  it.each(Object.keys(CASES))('equals plain loops: %s', async (name) => {
    const example = CASES[name]!;
    const { triplets, tokens, patches, channels } = example;
    const size = 3 * triplets * tokens * channels;
    const x = testNumbers(size, 3, 1.7 / Math.sqrt(channels));
    const coverage = coverageOf(example);
    const shape = {
      ...{ triplets, tokens, patches, channels, tau: TAU, objectFrom: 0.5, backgroundBelow: 0.3 },
      workspaceBytes: example.workspaceBytes ?? 2 ** 25,
    };
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const operands = { x: put(x), coverage: put(coverage) };
      const [loss, alone] = [room(1), room(1)];
      const gradient = put(new Float32Array(size));
      const used = cpu.memory().used;
      cpu.kernels.patchContrastive.loss(shape, { ...operands, loss, gradient });
      cpu.kernels.patchContrastive.loss(shape, { ...operands, loss: alone });
      expect(cpu.memory().used).toBe(used);
      return { loss: await get(loss), alone: await get(alone), gradient: await get(gradient) };
    });
    const { loss, gradient } = reference(x, coverage, example);
    expect(loss).toBeGreaterThan(0);
    expect(result.loss).toBeAllclose([loss], { rtol: 1e-5 });
    expect(result.alone).toEqual(result.loss);
    const scale = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(result.gradient).toBeAllclose(gradient, { rtol: 1e-4, atol: scale * 1e-5 });
  });

  it('is zero where a view has no object', async () => {
    const shape = {
      ...{ triplets: 1, tokens: 3, patches: 3, channels: 4, tau: TAU, objectFrom: 0.5, backgroundBelow: 0.5 },
      workspaceBytes: 1,
    };
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const [loss, gradient] = [room(1), put(new Float32Array(36))];
      const coverage = put([1, 1, 0, 0, Number.NaN, -1]);
      cpu.kernels.patchContrastive.loss(shape, { x: put(testNumbers(36)), coverage, loss, gradient });
      return { loss: await get(loss), gradient: await get(gradient) };
    });
    expect([...result.loss!]).toEqual([0]);
    expect([...result.gradient!]).toEqual(new Array(36).fill(0));
  });
});
