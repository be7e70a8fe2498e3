import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../tensor/context.ts';
import { testContext } from '../../../testing/device.ts';
import {
  checkProduct,
  EVEN,
  LONG,
  ODD,
  type Shape,
  TRANSPOSITIONS,
  type Transposition,
} from '../../../testing/products.ts';
import type { WebGpuBackend } from '../backend.ts';
import type { MatmulVariant } from './plan.ts';
import { TILES, type TileName } from './tiles.ts';

const gpuOf = (context: Context) => context.backend as WebGpuBackend;

const tiled = (tile: TileName): MatmulVariant => ({ kind: 'tiled', tile: TILES[tile] });

describe('matmul kernels', () => {
  afterEach(async () => {
    gpuOf(await testContext()).matmulVariant = undefined;
  });

  it.each(
    TRANSPOSITIONS,
  )('direct: remainders, bias, addend, long inner dimensions: %o', async (transposition) => {
    const context = await testContext();
    gpuOf(context).matmulVariant = { kind: 'direct', quads: false };
    const before = context.memory.used;
    const sixteenRows: Shape = [269, 20, 12];
    for (const shape of [[7, 9, 5], ODD, EVEN, LONG, sixteenRows] as Shape[]) {
      await checkProduct(context, shape, transposition);
    }
    expect(context.memory.used).toBe(before);
  });

  it.each(
    TRANSPOSITIONS,
  )('direct, in quads: remainders, bias, addend, long inner dimensions: %o', async (transposition) => {
    const context = await testContext();
    // The kernel needs subgroups; SwiftShader has them.
    expect(gpuOf(context).adapter.features).toContain('subgroups');
    gpuOf(context).matmulVariant = { kind: 'direct', quads: true };
    const thirtyTwoRows: Shape = [269, 20, 12];
    for (const shape of [[7, 9, 5], ODD, EVEN, LONG, thirtyTwoRows] as Shape[]) {
      await checkProduct(context, shape, transposition);
    }
  });

  it.each(TRANSPOSITIONS)('tiled: remainders, bias, addend: %o', async (transposition) => {
    const context = await testContext();
    gpuOf(context).matmulVariant = tiled('medium');
    await checkProduct(context, ODD, transposition);
    await checkProduct(context, EVEN, transposition);
  });

  // Compiling for a software adapter takes a second a tile; the cases take turns.
  it.each(
    (Object.keys(TILES) as TileName[]).map((name, i): [TileName, Transposition] => [
      name,
      TRANSPOSITIONS[i % 4]!,
    ]),
  )('tile %s', async (name, transposition) => {
    const context = await testContext();
    gpuOf(context).matmulVariant = tiled(name);
    await checkProduct(context, [140, 136, 52], transposition);
  });

  it('tiled: splits a long inner dimension', async () => {
    const context = await testContext();
    gpuOf(context).matmulVariant = tiled('small');
    await checkProduct(context, LONG, TRANSPOSITIONS[2]!);
  });
});
