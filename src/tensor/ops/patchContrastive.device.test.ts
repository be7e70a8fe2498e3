import { describe, expect, it } from 'vitest';
import { kernelChoices, testContext, useKernels } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { ShapeError } from '../errors.ts';
import type { PatchContrastiveOptions } from './patchContrastive.ts';
import { patchContrastive } from './patchContrastive.ts';

interface Problem {
  triplets: number;
  /** Tokens a view, patches last. */
  count: number;
  patches: number;
  channels: number;
  tokens: Float32Array;
  coverage: Float32Array;
}

/** Tokens at random, and coverage between 0 and 1 with unknown patches among it. */
function problem(triplets: number, patches: number, channels: number, prefix = 1): Problem {
  const count = prefix + patches;
  const coverage = testNumbers(2 * triplets * patches, 3 + patches).map((x) => (x < -0.8 ? -1 : Math.abs(x)));
  const tokens = testNumbers(3 * triplets * count * channels, triplets + 1);
  return { triplets, count, patches, channels, tokens, coverage };
}

/** The formula of `patchContrastive` as plain loops in double precision. */
function reference(
  { triplets, count, patches, channels, tokens, coverage }: Problem,
  { tau = 0.1, objectFrom = 0.5, backgroundBelow = 0.5 }: PatchContrastiveOptions = {},
): number {
  const patch = (view: number, i: number) => {
    const first = (view * count + (count - patches) + i) * channels;
    const row = [...tokens.subarray(first, first + channels)];
    const norm = Math.hypot(...row);
    return row.map((value) => value / norm);
  };
  const product = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  let total = 0;
  for (let b = 0; b < triplets; b++) {
    const objects: number[][][] = [[], []];
    const against: number[][] = [];
    for (let i = 0; i < patches; i++) {
      for (const side of [0, 1]) {
        const covered = coverage[(side * triplets + b) * patches + i]!;
        if (covered >= objectFrom) objects[side]!.push(patch(side * triplets + b, i));
        else if (covered >= 0 && covered < backgroundBelow) against.push(patch(side * triplets + b, i));
      }
      against.push(patch(2 * triplets + b, i));
    }
    let losses = 0;
    for (const [from, to] of [objects, objects.toReversed()] as [number[][], number[][]][]) {
      for (const u of from) {
        const negatives = against.reduce((sum, w) => sum + Math.exp(product(u, w) / tau), 0);
        for (const v of to) {
          const support = Math.exp(product(u, v) / tau);
          losses -= Math.log(support / (support + negatives));
        }
      }
    }
    const pairs = 2 * objects[0]!.length * objects[1]!.length;
    if (pairs > 0) total += losses / pairs / triplets;
  }
  return total;
}

async function evaluate(given: Problem, options: PatchContrastiveOptions = {}): Promise<number> {
  const context = await testContext();
  const loss = context.scope(() =>
    patchContrastive(
      context,
      context.fromArray(given.tokens, [3 * given.triplets, given.count, given.channels]),
      context.fromArray(given.coverage, [2 * given.triplets, given.patches]),
      options,
    ),
  );
  const [value] = await context.read(loss);
  loss.release();
  return value!;
}

describe.each(kernelChoices('rows'))('patchContrastive, $name', (choice) => {
  useKernels(choice);

  // 3·N a multiple of four and not, more patches than a workgroup's lanes hold at once, registers before the patches.
  for (const [triplets, patches, channels, prefix] of [
    [1, 2, 4, 0],
    [3, 7, 12, 1],
    [2, 16, 8, 5],
    [2, 101, 20, 1],
  ] as const) {
    it(`equals the plain loops: ${triplets} triplets of ${patches} patches`, async () => {
      const context = await testContext();
      const before = context.memory.used;
      const given = problem(triplets, patches, channels, prefix);
      for (const options of [{}, { tau: 0.03 }, { objectFrom: 0.6, backgroundBelow: 0.2 }]) {
        const expected = reference(given, options);
        expect([await evaluate(given, options)]).toBeAllclose([expected], { rtol: 1e-5 });
      }
      expect(context.memory.used).toBe(before);
    });
  }

  it('gives the same loss and gradient cut into chunks as at once', async () => {
    const context = await testContext();
    const given = problem(5, 9, 8);
    const results: Float32Array[] = [];
    for (const workspaceBytes of [1, 2 * 18 * 28 * 4, 1e9]) {
      const tokens = context.fromArray(given.tokens, [15, 10, 8]);
      const coverage = context.fromArray(given.coverage, [10, 9]);
      tokens.requiresGrad = true;
      const loss = context.backward(() => patchContrastive(context, tokens, coverage, { workspaceBytes }));
      results.push(await context.read(loss), await context.read(tokens.grad!));
      for (const tensor of [tokens.grad!, tokens, coverage, loss]) tensor.release();
    }
    const [loss, gradient, ...others] = results;
    expect(others).toEqual([loss, gradient, loss, gradient]);
    expect([loss![0]!]).toBeAllclose([reference(given)], { rtol: 1e-5 });
  });

  it('differentiates; class tokens get no gradient', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const given = problem(2, 5, 8);
    await checkGradients(
      context,
      {
        tokens: { shape: [6, 6, 8], values: given.tokens },
        coverage: { shape: [4, 5], values: given.coverage, trainable: false },
      },
      ({ tokens, coverage }) => patchContrastive(context, tokens!, coverage!),
      { epsilon: 2e-3, rtol: 1e-2, atol: 5e-3, samples: 144 },
    );
    expect(context.memory.used).toBe(before);
  });
});

describe('patchContrastive', () => {
  it('lets a triplet without object contribute nothing, and others their share of the batch', async () => {
    const context = await testContext();
    const given = problem(3, 6, 8);
    const only = { ...given, coverage: given.coverage.slice() };
    // Triplet 0: no object in the anchor. Triplet 2: the positive has no mask. Only triplet 1 is left.
    only.coverage.fill(0, 0, 6);
    only.coverage.fill(-1, (3 + 2) * 6);
    const alone: Problem = {
      ...given,
      triplets: 1,
      tokens: Float32Array.from(
        [1, 4, 7].flatMap((view) => [...given.tokens.subarray(view * 56, view * 56 + 56)]),
      ),
      coverage: Float32Array.from(
        [1, 4].flatMap((view) => [...given.coverage.subarray(view * 6, view * 6 + 6)]),
      ),
    };
    expect([await evaluate(only)]).toBeAllclose([reference(alone) / 3], { rtol: 1e-5 });
    const none = { ...given, coverage: new Float32Array(36) };
    expect(await evaluate(none)).toBe(0);
    const tokens = context.fromArray(given.tokens, [9, 7, 8]);
    const coverage = context.zeros([6, 6]);
    tokens.requiresGrad = true;
    context.backward(() => patchContrastive(context, tokens, coverage)).release();
    expect(await context.read(tokens.grad!)).toEqual(new Float32Array(9 * 7 * 8));
    for (const tensor of [tokens.grad!, tokens, coverage]) tensor.release();
  });

  it('computes no gradient for frozen tokens', async () => {
    const context = await testContext();
    const given = problem(2, 5, 8);
    const tokens = context.fromArray(given.tokens, [6, 6, 8]);
    const coverage = context.fromArray(given.coverage, [4, 5]);
    const dispatches = () => {
      const before = context.backend.counts.dispatches;
      patchContrastive(context, tokens, coverage).release();
      return context.backend.counts.dispatches - before;
    };
    const frozen = dispatches();
    tokens.requiresGrad = true;
    expect(dispatches()).toBe(frozen);
    const before = context.backend.counts.dispatches;
    context.backward(() => patchContrastive(context, tokens, coverage)).release();
    const all = context.backend.counts.dispatches - before;
    // WebGPU: two products, the seed, the scaling by it and the normalization's backward.
    if (context.backend.kind === 'webgpu') expect(all).toBe(frozen + 5);
    else expect(all).toBeGreaterThan(frozen);
    for (const tensor of [tokens.grad!, tokens, coverage]) tensor.release();
  });

  it('refuses shapes that do not fit', async () => {
    const context = await testContext();
    const tensors = [
      [6, 6, 8],
      [4, 5],
      [3, 5],
      [4, 7],
      [6, 6, 6],
    ].map((shape) => context.zeros(shape));
    const [tokens, coverage, wrongViews, tooMany, odd] = tensors;
    expect(() => patchContrastive(context, tokens!, wrongViews!)).toThrow(ShapeError);
    expect(() => patchContrastive(context, tokens!, tooMany!)).toThrow('7 patches of coverage');
    expect(() => patchContrastive(context, odd!, coverage!)).toThrow('channels in fours');
    for (const tensor of tensors) tensor.release();
  });
});
