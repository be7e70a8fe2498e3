import { expect, it } from 'vitest';
import { testContext } from '../testing/device.ts';
import type { Kernels } from './kernels.ts';

/** Every kernel by family; a kernel that the interface gains or loses does not compile here. */
const NAMES: { [Family in keyof Kernels]: Record<keyof Kernels[Family], true> } = {
  matrix: { gemm: true, combine: true, rearrange: true },
  attention: { forward: true, backward: true },
  layerNorm: { forward: true, backward: true },
  groupNorm: { forward: true, backward: true },
  normalize: { forward: true, backward: true },
  softmax: { forward: true, backward: true },
  elementwise: {
    ...{ fill: true, addInPlace: true, add: true, scale: true, scaleBy: true, linearCombination: true },
  },
  gelu: { forward: true, backward: true },
  silu: { forward: true, backward: true },
  geglu: { forward: true, backward: true },
  layerScale: { forward: true, product: true },
  dropout: { apply: true },
  rows: {
    ...{ copy: true, place: true, sum: true, spread: true, gather: true, scatterAdd: true, prepend: true },
  },
  reduce: { all: true, rows: true, columns: true, spread: true },
  images: { pad: true, enlarge: true, shrink: true, addPerImage: true, patches: true },
  contrastive: { loss: true, anchorGradient: true, otherGradient: true, ranking: true },
  patchContrastive: { loss: true },
  weightedMse: { loss: true, gradient: true },
  similarity: { map: true },
  optimizer: { adam: true, clip: true },
};

it('the backend has every kernel', async () => {
  const { kernels } = (await testContext()).backend;
  const missing = Object.entries(NAMES).flatMap(([family, names]) => {
    const made = kernels[family as keyof Kernels] as unknown as Record<string, unknown> | undefined;
    return Object.keys(names)
      .filter((name) => typeof made?.[name] !== 'function')
      .map((name) => `${family}.${name}`);
  });
  expect(missing).toEqual([]);
});
