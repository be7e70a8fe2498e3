import { dots2x4 } from '../dot';
import { exp } from '../math';
import { PATCH_TILE } from '../ops/losses';
import { maxLanes, sumLanes } from '../simd';
import { decay, log1, sigmoid, softplus } from './logistic';
import { againstTokens, line, sideRows, sideTokens } from './patchPlan';

/** Stands for infinity in the padding of a line. */
const FAR: f32 = 1e30;

/**
 * Lines of up to PATCH_TILE rows of one side of a triplet: products, then in their place dL/d(product); and their share of the
 * loss. A task is one tile; tiles behind the side's rows do nothing.
 * Arguments: x, plans (from the chunk's first triplet on), words a plan, workspace, numbers of workspace a triplet, losses (f64, one
 * a task), tiles a side, channels, sharpness 1/τ.
 */
export function patchRows(args: usize, task: i32): void {
  const tiles = load<i32>(args, 24);
  const triplet = task / (2 * tiles);
  const side = (task / tiles) & 1;
  const first = (task % tiles) * PATCH_TILE;
  const plan = load<usize>(args, 4) + ((<usize>triplet * load<i32>(args, 8)) << 2);
  const workspace = load<usize>(args, 12) + ((<usize>triplet * load<i32>(args, 16)) << 2);
  const rows = sideRows(plan, side);
  const losses = load<usize>(args, 20) + ((<usize>task) << 3);
  if (first >= rows) {
    store<f64>(losses, 0);
    return;
  }
  const x = load<usize>(args);
  const bytes = load<usize>(args, 28) << 2;
  const width = (<usize>load<i32>(plan, 12)) << 2;
  const stride = (<usize>load<i32>(plan, 16)) << 2;
  const lines = line(plan, workspace, side, first);
  const tokens = sideTokens(plan, side) + ((<usize>first) << 2);
  const last = sideTokens(plan, side) + ((<usize>rows) << 2) - 4;
  const others = sideRows(plan, 1 - side);

  productsOf(x, tokens, last, sideTokens(plan, 1 - side), (others + 3) & ~3, bytes, lines, stride);
  productsOf(x, tokens, last, againstTokens(plan), load<i32>(plan, 8), bytes, lines + width, stride);

  const end = min(rows, first + PATCH_TILE);
  const sharpness = load<f32>(args, 32);
  const weight = load<f32>(plan, 24);
  let loss: f64 = 0;
  for (let row = first; row < end; row++) {
    const at = lines + <usize>(row - first) * stride;
    loss += <f64>coefficients(at, others, at + width, load<i32>(plan, 8), at + stride, sharpness, weight);
  }
  store<f64>(losses, loss);
}

/** Products of a tile's rows with a list of members; the members outside, so that they are read once. */
function productsOf(
  x: usize,
  rows: usize,
  lastRow: usize,
  members: usize,
  count: i32,
  bytes: usize,
  out: usize,
  stride: usize,
): void {
  const end = members + ((<usize>count) << 2);
  for (; members < end; members += 16) {
    const c0 = x + load<usize>(members);
    const c1 = x + load<usize>(members, 4);
    const c2 = x + load<usize>(members, 8);
    const c3 = x + load<usize>(members, 12);
    let target = out;
    for (let pair: usize = 0; pair < <usize>PATCH_TILE / 2; pair++) {
      const row = rows + (pair << 3);
      if (row > lastRow) break;
      const r0 = x + load<usize>(row);
      const r1 = x + load<usize>(min(row + 4, lastRow));
      dots2x4(r0, r1, c0, c1, c2, c3, bytes, target, target + stride);
      target += stride << 1;
    }
    out += 16;
  }
}

/** One line's loss, and dL/d(product) in place of the products: `others` positives from `at`, `against` negatives from `middle`. */
function coefficients(
  at: usize,
  others: i32,
  middle: usize,
  against: i32,
  end: usize,
  sharpness: f32,
  weight: f32,
): f32 {
  // Padding gets what makes its coefficients 0: infinitely close positives, infinitely far negatives.
  for (let i = at + ((<usize>others) << 2); i < middle; i += 4) store<f32>(i, FAR);
  for (let i = middle + ((<usize>against) << 2); i < end; i += 4) store<f32>(i, -FAR);

  let most = v128.load(middle);
  for (let i = middle + 16; i < end; i += 16) most = f32x4.max(most, v128.load(i));
  const nearest = maxLanes(most);
  const sharp = f32x4.splat(sharpness);
  const shift = f32x4.splat(nearest);
  let sums = f32x4.splat(0);
  for (let i = middle; i < end; i += 16) {
    const e = exp(f32x4.mul(f32x4.sub(v128.load(i), shift), sharp));
    sums = f32x4.add(sums, e);
    v128.store(i, e);
  }
  const sum = sumLanes(sums);
  const log = f32x4.splat(nearest * sharpness + log1(sum));

  const slope = f32x4.splat(-weight * sharpness);
  let losses = f32x4.splat(0);
  let mistaken = f32x4.splat(0);
  for (let i = at; i < middle; i += 16) {
    const z = f32x4.sub(log, f32x4.mul(v128.load(i), sharp));
    const e = decay(z);
    const wrong = sigmoid(z, e);
    losses = f32x4.add(losses, softplus(z, e));
    mistaken = f32x4.add(mistaken, wrong);
    v128.store(i, f32x4.mul(slope, wrong));
  }
  const share = f32x4.splat((sumLanes(mistaken) / sum) * weight * sharpness);
  for (let i = middle; i < end; i += 16) v128.store(i, f32x4.mul(v128.load(i), share));
  return sumLanes(losses) * weight;
}
