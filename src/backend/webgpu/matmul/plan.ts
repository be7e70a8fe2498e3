import type { GemmProblem } from '../../families/matrix.ts';
import type { WebGpuBackend } from '../backend.ts';
import { directBlocks } from './direct.ts';
import { problemKey } from './problem.ts';
import { TILES, type TileShape, tileCount, tileThreads, WIDE_TILES, type WideTileName } from './tiles.ts';

/** Which kernel computes a product. */
export type MatmulVariant = { kind: 'direct'; quads: boolean } | { kind: 'tiled'; tile: TileShape };

/** A variant with how K is split over workgroups. */
export interface MatmulPlan {
  variant: MatmulVariant;
  splits: number;
  kPerSplit: number;
}

/** Speeds of the wide tiles on a product that fills the adapter, in any unit. */
export type TileRates = Partial<Record<WideTileName, number>>;

/** What is assumed of an adapter that was not measured: more registers an invocation, less memory traffic. */
const ASSUMED_RATES: Record<WideTileName, number> = {
  large: 1,
  tall: 0.95,
  compact: 0.85,
  light: 0.75,
  medium: 0.65,
};

/** Invocations that keep an adapter busy: 192 workgroups of 256. */
const ENOUGH_INVOCATIONS = 49_152;
/** Blocks that keep the cores of a software adapter busy. */
const ENOUGH_BLOCKS = 128;
/** Fewer products than this along K do not pay for a partial result. */
const SMALLEST_SPLIT = 128;
/** Slices along K that a part of a tiled product has at least. */
const FEWEST_SLICES = 5;
/**
 * A product of few blocks and few steps along K takes as long as its steps do, one after the other: small tiles, twice as deep,
 * are done sooner. On an H100 512 × 288 × 288 takes 15.8 µs with them and 20.9 with two halves of 64 × 64.
 */
const SHORT = { blocks: 256, narrowBlocks: 32, k: 600 };
/** Most bytes of partial results. */
const MOST_PARTIAL_BYTES = 64 * 2 ** 20;

/** A step has a few hundred different products; past this many their plans are forgotten and made again. */
const MOST_PLANS = 4096;

const measured = new WeakMap<WebGpuBackend, TileRates>();
/** Plans by problem, as long as nothing changes what is chosen by. */
const plans = new WeakMap<WebGpuBackend, Map<string, MatmulPlan>>();

/** Choose tiles by measured speeds from now on; tiles without one are not chosen. With none, by assumption again. */
export function setTileRates(gpu: WebGpuBackend, rates: TileRates): void {
  plans.delete(gpu);
  if (Object.keys(rates).length) measured.set(gpu, rates);
  else measured.delete(gpu);
}

/** Choose kernel and split for a product on this adapter. */
export function planMatmul(gpu: WebGpuBackend, problem: GemmProblem): MatmulPlan {
  const { matmulVariant } = gpu;
  if (matmulVariant) return { variant: matmulVariant, ...splitFor(problem, matmulVariant) };
  let known = plans.get(gpu);
  if (!known || known.size >= MOST_PLANS) {
    known = new Map();
    plans.set(gpu, known);
  }
  const key = problemKey(problem);
  let plan = known.get(key);
  if (!plan) {
    const variant = chooseVariant(gpu, problem);
    plan = { variant, ...splitFor(problem, variant) };
    known.set(key, plan);
  }
  return plan;
}

function chooseVariant(gpu: WebGpuBackend, problem: GemmProblem): MatmulVariant {
  const { software, architecture, features } = gpu.adapter;
  // That quads are neighbours in a workgroup is so on SwiftShader, not promised in general.
  if (software)
    return { kind: 'direct', quads: architecture === 'swiftshader' && features.includes('subgroups') };
  return { kind: 'tiled', tile: chooseTile(problem, measured.get(gpu) ?? ASSUMED_RATES) };
}

function splitFor(problem: GemmProblem, variant: MatmulVariant) {
  if (variant.kind === 'direct') {
    return splitK(
      problem,
      Math.floor(ENOUGH_BLOCKS / (problem.batch * directBlocks(problem, variant.quads))),
      4,
    );
  }
  const { tile } = variant;
  const tiles = problem.batch * tileCount(tile, problem.m, problem.n);
  const wanted = Math.floor(enoughTiles(tile) / tiles);
  return splitK(problem, wanted, tile.bk, Math.max(SMALLEST_SPLIT, FEWEST_SLICES * tile.bk));
}

function enoughTiles(tile: TileShape): number {
  return ENOUGH_INVOCATIONS / tileThreads(tile);
}

/**
 * Cut K into about `wanted` parts of a multiple of `step`, but no smaller than pays (`smallest`); only where C is dense, since the
 * parts are added densely.
 */
export function splitK(problem: GemmProblem, wanted: number, step: number, smallest = SMALLEST_SPLIT) {
  const { m, n, k, batch, ldc, strideC } = problem;
  const dense = ldc === n && (batch === 1 || strideC === m * n);
  const affordable = Math.floor(MOST_PARTIAL_BYTES / (m * n * batch * 4));
  const most = dense ? Math.min(wanted, Math.floor(k / smallest), affordable) : 1;
  if (most <= 1) return { splits: 1, kPerSplit: k };
  const kPerSplit = Math.ceil(k / most / step) * step;
  return { splits: Math.ceil(k / kPerSplit), kPerSplit };
}

/**
 * The tile whose work, with what it computes beyond the edges and while the adapter is not full, takes least time at
 * the given rates.
 */
export function chooseTile(problem: GemmProblem, rates: TileRates): TileShape {
  const { m, n, k, batch } = problem;
  const few = batch * tileCount(WIDE_TILES.medium, m, n) <= (n <= 16 ? SHORT.narrowBlocks : SHORT.blocks);
  if (few && k <= SHORT.k) return TILES.small;
  if (n <= 16) return TILES.narrow;
  if (m <= 16) return TILES.flat;
  if (m <= 32 || n <= 32) return TILES.small;
  let best: TileShape = WIDE_TILES.medium;
  let least = Number.POSITIVE_INFINITY;
  for (const [name, rate] of Object.entries(rates)) {
    const tile = WIDE_TILES[name as WideTileName];
    const tiles = batch * tileCount(tile, m, n);
    const { splits } = splitFor(problem, { kind: 'tiled', tile });
    const idle = Math.max(1, enoughTiles(tile) / (tiles * splits));
    const time = (tiles * tile.bm * tile.bn * idle) / rate;
    if (time < least) [best, least] = [tile, time];
  }
  return best;
}
