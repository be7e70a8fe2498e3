/**
 * The patch term's gradient at the tokens that take part, from the lines of `patchRows`. A row's token gets
 * Σ_v (g_uv + g_vu) x_v over the other side, and Σ_w g_uw x_w; a member against gets Σ_u g_uw x_u over the rows of both sides.
 * Both are small matrix products: coefficients and tokens are packed in scratch, and four results by eight channels are summed in
 * registers.
 */
import { scratch } from '../schedule';
import { madd } from '../simd';
import { againstTokens, line, sideRows, sideTokens } from './patchPlan';

/** Terms of a sum that are packed at a time. */
const BLOCK: i32 = 256;
/** Scratch: a tile of 4 × 8 results, BLOCK × 8 numbers of tokens, then BLOCK × 4 coefficients for each four results. */
const TOKENS: usize = 128;
const COEFFICIENTS: usize = TOKENS + (<usize>BLOCK) * 32;
const QUAD: usize = (<usize>BLOCK) * 16;

/**
 * A task is a tile of one side's rows or of the members against.
 * Arguments: x, plans (from the chunk's first triplet on), words a plan, workspace, numbers of workspace a triplet, dx, rows a tile,
 * tiles a side, members a tile, tiles of members, channels.
 */
export function patchGradient(args: usize, task: i32): void {
  const rowTiles = load<i32>(args, 28);
  const tiles = 2 * rowTiles + load<i32>(args, 36);
  const triplet = task / tiles;
  const tile = task % tiles;
  const plan = load<usize>(args, 4) + ((<usize>triplet * load<i32>(args, 8)) << 2);
  const workspace = load<usize>(args, 12) + ((<usize>triplet * load<i32>(args, 16)) << 2);
  if (tile < 2 * rowTiles) {
    const side = tile / rowTiles;
    rowsGradient(args, plan, workspace, side, (tile % rowTiles) * load<i32>(args, 24));
  } else {
    membersGradient(args, plan, workspace, (tile - 2 * rowTiles) * load<i32>(args, 32));
  }
}

function rowsGradient(args: usize, plan: usize, workspace: usize, side: i32, first: i32): void {
  const rows = sideRows(plan, side);
  if (first >= rows) return;
  const count = min(rows - first, load<i32>(args, 24));
  const others = sideRows(plan, 1 - side);
  const width = load<i32>(plan, 12);
  const terms = load<i32>(plan, 16);
  const stride = (<usize>terms) << 2;
  for (let from = 0; from < terms; from += BLOCK) {
    const end = min(terms, from + BLOCK);
    let target = scratch + COEFFICIENTS;
    for (let i = 0; i < count; i += 4) {
      let own = line(plan, workspace, side, first + i) + ((<usize>from) << 2);
      let at = target;
      for (let k = from; k < end; k += 4) {
        transpose(own, stride, at);
        if (k < others) {
          const most = min(4, others - k);
          let back = line(plan, workspace, 1 - side, k) + ((<usize>(first + i)) << 2);
          for (let j: usize = 0; j < <usize>most; j++) {
            const place = at + (j << 4);
            v128.store(place, f32x4.add(v128.load(place), v128.load(back)));
            back += stride;
          }
        }
        own += 16;
        at += 64;
      }
      target += QUAD;
    }
    // The other side's tokens, then those against: two lists.
    const middle = min(end, max(from, width));
    const positives = sideTokens(plan, 1 - side) + ((<usize>from) << 2);
    const negatives = againstTokens(plan) + ((<usize>(max(from, width) - width)) << 2);
    const results = sideTokens(plan, side) + ((<usize>first) << 2);
    multiply(args, positives, middle - from, negatives, end - middle, results, count, from > 0);
  }
}

function membersGradient(args: usize, plan: usize, workspace: usize, first: i32): void {
  const members = load<i32>(plan, 8);
  if (first >= members) return;
  const count = min(members - first, load<i32>(args, 32));
  const rows0 = sideRows(plan, 0);
  const terms = rows0 + sideRows(plan, 1);
  const column = (<usize>(load<i32>(plan, 12) + first)) << 2;
  for (let from = 0; from < terms; from += BLOCK) {
    const end = min(terms, from + BLOCK);
    let at = scratch + COEFFICIENTS;
    for (let k = from; k < end; k++) {
      let source = line(plan, workspace, k < rows0 ? 0 : 1, k < rows0 ? k : k - rows0) + column;
      let target = at;
      for (let i = 0; i < count; i += 4) {
        v128.store(target, v128.load(source));
        source += 16;
        target += QUAD;
      }
      at += 16;
    }
    const middle = min(end, max(from, rows0));
    const tokens0 = sideTokens(plan, 0) + ((<usize>from) << 2);
    const tokens1 = sideTokens(plan, 1) + ((<usize>(max(from, rows0) - rows0)) << 2);
    const results = againstTokens(plan) + ((<usize>first) << 2);
    multiply(args, tokens0, middle - from, tokens1, end - middle, results, count, from > 0);
  }
}

/** Packed coefficients times the tokens of two lists, written at (or added to) the results' tokens. */
function multiply(
  args: usize,
  listA: usize,
  countA: i32,
  listB: usize,
  countB: i32,
  results: usize,
  count: i32,
  adds: bool,
): void {
  const bytes = load<usize>(args, 40) << 2;
  for (let channel: usize = 0; channel < bytes; channel += 32) {
    const isHalf = channel + 16 == bytes;
    const x = load<usize>(args) + channel;
    const dx = load<usize>(args, 20) + channel;
    const second = pack(x, listA, countA, scratch + TOKENS, isHalf);
    pack(x, listB, countB, second, isHalf);
    let quad = scratch + COEFFICIENTS;
    for (let i = 0; i < count; i += 4) {
      multiplyTile(quad, scratch + TOKENS, countA + countB, scratch);
      const most = min(4, count - i);
      for (let j: usize = 0; j < <usize>most; j++) {
        const from = scratch + (j << 5);
        const target = dx + load<usize>(results + (((<usize>i) + j) << 2));
        put(target, v128.load(from), adds);
        if (!isHalf) put(target + 16, v128.load(from, 16), adds);
      }
      quad += QUAD;
    }
  }
}

@inline
function put(target: usize, value: v128, adds: bool): void {
  v128.store(target, adds ? f32x4.add(v128.load(target), value) : value);
}

/** Eight channels of each token of a list, one after the other; four and zeros where `isHalf`. Returns the end. */
function pack(x: usize, list: usize, count: i32, target: usize, isHalf: bool): usize {
  const end = list + ((<usize>count) << 2);
  for (; list < end; list += 4) {
    const from = x + load<usize>(list);
    v128.store(target, v128.load(from));
    v128.store(target, isHalf ? f32x4.splat(0) : v128.load(from, 16), 16);
    target += 32;
  }
  return target;
}

/** Four numbers of each of four lines, `stride` apart, turned. */
@inline
function transpose(from: usize, stride: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + stride);
  const c = v128.load(from + (stride << 1));
  const d = v128.load(from + stride * 3);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), 16);
  v128.store(to, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5), 32);
  v128.store(to, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7), 48);
}

/** tile [4, 8] = Σ over `count` terms of a [4] times b [8]. Exported from the module for the reason given at `dots2x4`. */
export function multiplyTile(a: usize, b: usize, count: i32, tile: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let t3 = f32x4.splat(0);
  let x: v128;
  let y: v128;
  let w: v128;
  const end = a + ((<usize>count) << 4);
  const even = a + ((<usize>(count & ~1)) << 4);
  while (a < even) {
    x = v128.load(b);
    y = v128.load(b, 16);
    w = v128.load32_splat(a);
    s0 = madd(w, x, s0);
    t0 = madd(w, y, t0);
    w = v128.load32_splat(a, 4);
    s1 = madd(w, x, s1);
    t1 = madd(w, y, t1);
    w = v128.load32_splat(a, 8);
    s2 = madd(w, x, s2);
    t2 = madd(w, y, t2);
    w = v128.load32_splat(a, 12);
    s3 = madd(w, x, s3);
    t3 = madd(w, y, t3);
    x = v128.load(b, 32);
    y = v128.load(b, 48);
    w = v128.load32_splat(a, 16);
    s0 = madd(w, x, s0);
    t0 = madd(w, y, t0);
    w = v128.load32_splat(a, 20);
    s1 = madd(w, x, s1);
    t1 = madd(w, y, t1);
    w = v128.load32_splat(a, 24);
    s2 = madd(w, x, s2);
    t2 = madd(w, y, t2);
    w = v128.load32_splat(a, 28);
    s3 = madd(w, x, s3);
    t3 = madd(w, y, t3);
    a += 32;
    b += 64;
  }
  if (a < end) {
    x = v128.load(b);
    y = v128.load(b, 16);
    w = v128.load32_splat(a);
    s0 = madd(w, x, s0);
    t0 = madd(w, y, t0);
    w = v128.load32_splat(a, 4);
    s1 = madd(w, x, s1);
    t1 = madd(w, y, t1);
    w = v128.load32_splat(a, 8);
    s2 = madd(w, x, s2);
    t2 = madd(w, y, t2);
    w = v128.load32_splat(a, 12);
    s3 = madd(w, x, s3);
    t3 = madd(w, y, t3);
  }
  v128.store(tile, s0);
  v128.store(tile, t0, 16);
  v128.store(tile, s1, 32);
  v128.store(tile, t1, 48);
  v128.store(tile, s2, 64);
  v128.store(tile, t2, 80);
  v128.store(tile, s3, 96);
  v128.store(tile, t3, 112);
}
