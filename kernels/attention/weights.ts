/** From scores (in base 2: times log2 e) of a panel of eight queries, [keys][8], to weights. */
import { madd } from '../simd';

/** Score of a key that a query does not see. */
const NEVER: f32 = -3.0e38;

/**
 * 2^x for x ≤ 0, with an error of at most 2e-7 of it; 0 from −127 on, NaN for NaN. x = n + r with |r| ≤ ½; 2^r by a weighted
 * minimax polynomial whose constant is 1 (Lawson's iteration in f64; relative error 9e-8).
 */
@inline
function exp2(x: v128): v128 {
  x = f32x4.pmax(x, f32x4.splat(-127));
  // Adding 1.5 · 2^23 rounds to a whole number, which then lies in the low bits.
  const shifted = f32x4.add(x, f32x4.splat(12582912));
  const r = f32x4.sub(x, f32x4.sub(shifted, f32x4.splat(12582912)));
  let p = madd(f32x4.splat(0.001326472731307149), r, f32x4.splat(0.009671512991189957));
  p = madd(p, r, f32x4.splat(0.05550733581185341));
  p = madd(p, r, f32x4.splat(0.24022242426872253));
  p = madd(p, r, f32x4.splat(0.6931470036506653));
  p = madd(p, r, f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** log2 of a positive, normal number: exponent, and 2·artanh((m − 1)/(m + 1)) of a mantissa m from √½ to √2. */
export function log2(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  // √½ as bits: mantissas from there on count as below the next power of two.
  const exponent = (bits - 0x3f3504f3) >> 23;
  const m = <f64>reinterpret<f32>(bits - (exponent << 23));
  const t = (m - 1) / (m + 1);
  const s = t * t;
  const series = 1 + s * (1.0 / 3 + s * (1.0 / 5 + s * (1.0 / 7 + s * (1.0 / 9 + s * (1.0 / 11)))));
  return <f32>(<f64>exponent + 2.885390081777927 * t * series);
}

/**
 * Take out the scores of keys later than their query.
 * @param ahead index of the panel's first query less that of the first key
 */
export function hideLater(scores: usize, keys: i32, ahead: i32): void {
  for (let j = max(0, ahead + 1); j < keys; j++) {
    const at = scores + <usize>j * 32;
    const lanes = min(8, j - ahead);
    for (let lane: usize = 0; lane < <usize>lanes; lane++) store<f32>(at + lane * 4, NEVER);
  }
}

/** Bytes of what `weigh` keeps of a panel between blocks of keys: largest scores, sums of weights, and how much older sums shrink. */
export const STATE_BYTES: usize = 96;
export const STATE_SUMS: usize = 32;
export const STATE_SHRINK: usize = 64;

/** Scores become weights 2^(score − largest so far), which are not divided by their sum yet. */
export function weigh(scores: usize, keys: i32, state: usize, first: bool): void {
  const before0 = first ? f32x4.splat(NEVER) : v128.load(state);
  const before1 = first ? f32x4.splat(NEVER) : v128.load(state, 16);
  let top0 = before0;
  let top1 = before1;
  const end = scores + <usize>keys * 32;
  for (let at = scores; at < end; at += 32) {
    top0 = f32x4.pmax(top0, v128.load(at));
    top1 = f32x4.pmax(top1, v128.load(at, 16));
  }
  const shrink0 = exp2(f32x4.sub(before0, top0));
  const shrink1 = exp2(f32x4.sub(before1, top1));
  let sum0 = first ? f32x4.splat(0) : f32x4.mul(v128.load(state, STATE_SUMS), shrink0);
  let sum1 = first ? f32x4.splat(0) : f32x4.mul(v128.load(state, STATE_SUMS + 16), shrink1);
  for (let at = scores; at < end; at += 32) {
    const w0 = exp2(f32x4.sub(v128.load(at), top0));
    const w1 = exp2(f32x4.sub(v128.load(at, 16), top1));
    sum0 = f32x4.add(sum0, w0);
    sum1 = f32x4.add(sum1, w1);
    v128.store(at, w0);
    v128.store(at, w1, 16);
  }
  v128.store(state, top0);
  v128.store(state, top1, 16);
  v128.store(state, sum0, STATE_SUMS);
  v128.store(state, sum1, STATE_SUMS + 16);
  v128.store(state, shrink0, STATE_SHRINK);
  v128.store(state, shrink1, STATE_SHRINK + 16);
}

/** Rows of eight times eight factors. */
export function shrink(sums: usize, rows: i32, factors: usize): void {
  const f0 = v128.load(factors);
  const f1 = v128.load(factors, 16);
  for (let i = rows; i > 0; i--) {
    v128.store(sums, f32x4.mul(f0, v128.load(sums)));
    v128.store(sums, f32x4.mul(f1, v128.load(sums, 16)), 16);
    sums += 32;
  }
}

/**
 * Weights P = 2^(score − lse) and the scores' gradients dS = P (dP − delta) of a panel.
 * @param lse eight numbers, `delta` likewise
 * @param slopes dP [keys][8], overwritten by dS
 * @param wideP where P goes too, `wideStride` bytes from key to key; `wideDS` likewise
 */
export function weighAgain(
  scores: usize,
  slopes: usize,
  keys: i32,
  lse: usize,
  delta: usize,
  wideP: usize,
  wideDS: usize,
  wideStride: usize,
): void {
  const lse0 = v128.load(lse);
  const lse1 = v128.load(lse, 16);
  const delta0 = v128.load(delta);
  const delta1 = v128.load(delta, 16);
  for (let j = keys; j > 0; j--) {
    const p0 = exp2(f32x4.sub(v128.load(scores), lse0));
    const p1 = exp2(f32x4.sub(v128.load(scores, 16), lse1));
    const s0 = f32x4.mul(p0, f32x4.sub(v128.load(slopes), delta0));
    const s1 = f32x4.mul(p1, f32x4.sub(v128.load(slopes, 16), delta1));
    v128.store(slopes, s0);
    v128.store(slopes, s1, 16);
    v128.store(wideP, p0);
    v128.store(wideP, p1, 16);
    v128.store(wideDS, s0);
    v128.store(wideDS, s1, 16);
    scores += 32;
    slopes += 32;
    wideP += wideStride;
    wideDS += wideStride;
  }
}
