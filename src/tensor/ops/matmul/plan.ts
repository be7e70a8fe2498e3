import type { Context } from '../../context.ts';
import { directBlocks } from './direct.ts';
import type { MatmulProblem } from './problem.ts';
import type { TileShape } from './tiled.ts';

/** Which kernel computes a product. */
export type MatmulVariant = { kind: 'direct' } | { kind: 'tiled'; tile: TileShape };

/** A variant with how K is split over workgroups. */
export interface MatmulPlan {
  variant: MatmulVariant;
  splits: number;
  kPerSplit: number;
}

/** The tile shapes that exist, largest first. */
export const TILES = {
  large: { bm: 128, bn: 128, bk: 16, rm: 2, cn: 2 },
  tall: { bm: 128, bn: 64, bk: 16, rm: 2, cn: 1 },
  medium: { bm: 64, bn: 64, bk: 16, rm: 1, cn: 1 },
  compact: { bm: 64, bn: 64, bk: 16, rm: 2, cn: 2 },
  small: { bm: 32, bn: 32, bk: 32, rm: 1, cn: 1 },
  narrow: { bm: 128, bn: 16, bk: 16, rm: 1, cn: 1 },
  flat: { bm: 16, bn: 128, bk: 16, rm: 1, cn: 1 },
} satisfies Record<string, TileShape>;

/** Name of a tile shape. */
export type TileName = keyof typeof TILES;

/** Workgroups (or blocks of rows on the direct path) that keep an adapter busy. */
const ENOUGH_TILES = 192;
const ENOUGH_BLOCKS = 128;
/** Fewer products than this along K do not pay for a partial result. */
const SMALLEST_SPLIT = 128;
/** Most bytes of partial results. */
const MOST_PARTIAL_BYTES = 64 * 2 ** 20;

const forced = new WeakMap<Context, MatmulVariant>();

/** Make every product of a context use one variant (tests, benches, tuning); undefined lets it choose again. */
export function forceMatmulVariant(context: Context, variant: MatmulVariant | undefined): void {
  if (variant) forced.set(context, variant);
  else forced.delete(context);
}

/** Choose kernel and split for a product on this adapter. */
export function planMatmul(context: Context, problem: MatmulProblem): MatmulPlan {
  const variant = forced.get(context) ?? chooseVariant(context, problem);
  const blocks = problem.batch * blocksOf(problem, variant);
  const enough = variant.kind === 'direct' ? ENOUGH_BLOCKS : ENOUGH_TILES;
  const step = variant.kind === 'direct' ? 4 : variant.tile.bk;
  return { variant, ...splitK(problem, Math.floor(enough / blocks), step) };
}

function blocksOf(problem: MatmulProblem, variant: MatmulVariant): number {
  if (variant.kind === 'direct') return directBlocks(problem);
  return Math.ceil(problem.m / variant.tile.bm) * Math.ceil(problem.n / variant.tile.bn);
}

/** Cut K into about `wanted` parts of a multiple of `step`; only where C is dense, since the parts are added densely. */
export function splitK(problem: MatmulProblem, wanted: number, step: number) {
  const { m, n, k, batch, ldc, strideC } = problem;
  const dense = ldc === n && (batch === 1 || strideC === m * n);
  const affordable = Math.floor(MOST_PARTIAL_BYTES / (m * n * batch * 4));
  const most = dense ? Math.min(wanted, Math.floor(k / SMALLEST_SPLIT), affordable) : 1;
  if (most <= 1) return { splits: 1, kPerSplit: k };
  const kPerSplit = Math.ceil(k / most / step) * step;
  return { splits: Math.ceil(k / kPerSplit), kPerSplit };
}

function chooseVariant(context: Context, { m, n, batch }: MatmulProblem): MatmulVariant {
  if (context.gpu.adapter.software) return { kind: 'direct' };
  const tiled = (tile: TileName): MatmulVariant => ({ kind: 'tiled', tile: TILES[tile] });
  if (n <= 16) return tiled('narrow');
  if (m <= 16) return tiled('flat');
  if (m <= 32 || n <= 32) return tiled('small');
  const tiles = (tile: TileShape) => Math.ceil(m / tile.bm) * Math.ceil(n / tile.bn) * batch;
  return tiled(tiles(TILES.large) >= ENOUGH_TILES ? 'large' : 'medium');
}
