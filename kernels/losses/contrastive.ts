/**
 * Losses over all pairs of anchors q [A, C], positives p [P, C] and negatives n [N, C]. A line of the workspace holds the products
 * of one anchor: with the positives, padded to fours, then with the negatives, padded to fours; later dL/d(product) in their place.
 */
import { dot } from '../dot';
import { exp } from '../math';
import { HINGE, INFO_NCE } from '../ops/losses';
import { madd, maxLanes, partStart, sumLanes } from '../simd';
import { decay, log1, sigmoid, softplus } from './logistic';

/** Stands for infinity in the padding of a line: its exponential is 0, and products with it are finite. */
const FAR: f32 = 1e30;

@inline
function padded(count: i32): i32 {
  return (count + 3) & ~3;
}

/**
 * Products of anchors with positives and negatives.
 * Arguments: q, p, n, lines, anchors, positives, negatives, columns.
 */
export function products(args: usize, task: i32, tasks: i32): void {
  const positives = load<i32>(args, 20);
  const members = positives + load<i32>(args, 24);
  const columns = load<i32>(args, 28);
  const bytes = (<usize>columns) << 2;
  const stride = padded(positives) + padded(members - positives);
  const total = load<i32>(args, 16) * members;
  const last = partStart(total, task + 1, tasks);
  let pair = partStart(total, task, tasks);
  let anchor = pair / members;
  let member = pair - anchor * members;
  for (; pair < last; pair++) {
    const isPositive = member < positives;
    const other = isPositive
      ? load<usize>(args, 4) + <usize>member * bytes
      : load<usize>(args, 8) + <usize>(member - positives) * bytes;
    const place = isPositive ? member : padded(positives) + member - positives;
    const line = load<usize>(args, 12) + ((<usize>anchor * stride) << 2);
    store<f32>(line + ((<usize>place) << 2), dot(load<usize>(args) + <usize>anchor * bytes, other, columns));
    if (++member == members) {
      member = 0;
      anchor++;
    }
  }
}

/**
 * The loss of each anchor, and dL/d(product) [A, P + N]. The formulas are at `infoNce`, `multiPositive` and `hinge` in
 * src/tensor/ops.
 * Arguments: lines, losses (f64), coefficients, kind, anchors, positives, negatives, sharpness 1/τ, margin.
 */
export function coefficients(args: usize, task: i32, tasks: i32): void {
  const kind = load<i32>(args, 12);
  const anchors = load<i32>(args, 16);
  const positives = load<i32>(args, 20);
  const negatives = load<i32>(args, 24);
  const sharpness = load<f32>(args, 28);
  const width = (<usize>padded(positives)) << 2;
  const stride = width + ((<usize>padded(negatives)) << 2);
  const last = partStart(anchors, task + 1, tasks);
  for (let anchor = partStart(anchors, task, tasks); anchor < last; anchor++) {
    const line = load<usize>(args) + <usize>anchor * stride;
    const middle = line + width;
    const end = line + stride;
    const out = load<usize>(args, 8) + ((<usize>anchor * (positives + negatives)) << 2);
    let loss: f32;
    fill(middle + ((<usize>negatives) << 2), end, -FAR);
    if (kind == HINGE) {
      loss = hinge(line, middle, end, positives, negatives, load<f32>(args, 32), 1 / <f32>anchors, out);
    } else {
      // A positive that is not there must be infinitely close as a pair of its own, infinitely far among several.
      fill(line + ((<usize>positives) << 2), middle, kind == INFO_NCE ? FAR : -FAR);
      loss =
        kind == INFO_NCE
          ? infoNce(line, middle, end, sharpness, 1 / (<f32>anchors * <f32>positives))
          : multiPositive(line, middle, end, sharpness, 1 / <f32>anchors);
      memory.copy(out, line, (<usize>positives) << 2);
      memory.copy(out + ((<usize>positives) << 2), middle, (<usize>negatives) << 2);
    }
    store<f64>(load<usize>(args, 4) + ((<usize>anchor) << 3), <f64>loss);
  }
}

function fill(from: usize, end: usize, value: f32): void {
  for (; from < end; from += 4) store<f32>(from, value);
}

/** log Σ e^{s/τ} from `at` to `end`. */
function logSumExp(at: usize, end: usize, sharpness: f32): f32 {
  let most = v128.load(at);
  for (let i = at + 16; i < end; i += 16) most = f32x4.max(most, v128.load(i));
  const largest = maxLanes(most);
  const shift = f32x4.splat(largest);
  const sharp = f32x4.splat(sharpness);
  let total = f32x4.splat(0);
  for (; at < end; at += 16) {
    total = f32x4.add(total, exp(f32x4.mul(f32x4.sub(v128.load(at), shift), sharp)));
  }
  return largest * sharpness + log1(sumLanes(total));
}

/** s ← factor · e^{s/τ − log} from `at` to `end`. */
function weigh(at: usize, end: usize, sharpness: f32, log: f32, factor: f32): void {
  const sharp = f32x4.splat(sharpness);
  for (; at < end; at += 16) {
    const e = exp(f32x4.sub(f32x4.mul(v128.load(at), sharp), f32x4.splat(log)));
    v128.store(at, f32x4.mul(e, f32x4.splat(factor)));
  }
}

function infoNce(line: usize, middle: usize, end: usize, sharpness: f32, share: f32): f32 {
  const against = logSumExp(middle, end, sharpness);
  const sharp = f32x4.splat(sharpness);
  const slope = f32x4.splat(-share * sharpness);
  let losses = f32x4.splat(0);
  let mistaken = f32x4.splat(0);
  for (let at = line; at < middle; at += 16) {
    const z = f32x4.sub(f32x4.splat(against), f32x4.mul(v128.load(at), sharp));
    const e = decay(z);
    const wrong = sigmoid(z, e);
    losses = f32x4.add(losses, softplus(z, e));
    mistaken = f32x4.add(mistaken, wrong);
    v128.store(at, f32x4.mul(slope, wrong));
  }
  weigh(middle, end, sharpness, against, sumLanes(mistaken) * share * sharpness);
  return sumLanes(losses) * share;
}

function multiPositive(line: usize, middle: usize, end: usize, sharpness: f32, share: f32): f32 {
  const support = logSumExp(line, middle, sharpness);
  const against = logSumExp(middle, end, sharpness);
  const z = f32x4.splat(against - support);
  const e = decay(z);
  const mistaken = f32x4.extract_lane(sigmoid(z, e), 0) * share * sharpness;
  weigh(line, middle, sharpness, support, -mistaken);
  weigh(middle, end, sharpness, against, mistaken);
  return f32x4.extract_lane(softplus(z, e), 0) * share;
}

function hinge(
  line: usize,
  middle: usize,
  end: usize,
  positives: i32,
  negatives: i32,
  margin: f32,
  anchorShare: f32,
  out: usize,
): f32 {
  const share = anchorShare / (<f32>positives * <f32>negatives);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const lastPositive = line + ((<usize>positives) << 2);
  let losses = zero;
  for (let i = line; i < lastPositive; i += 4) {
    const least = f32x4.splat(margin - load<f32>(i));
    let violations = zero;
    for (let k = middle; k < end; k += 16) {
      const violation = f32x4.max(f32x4.add(least, v128.load(k)), zero);
      losses = f32x4.add(losses, violation);
      violations = f32x4.add(violations, v128.and(one, f32x4.gt(violation, zero)));
    }
    store<f32>(out + (i - line), -sumLanes(violations) * share);
  }
  const target = out + ((<usize>positives) << 2);
  for (let k = middle; k < end; k += 16) {
    const s = v128.load(k);
    let violations = zero;
    for (let i = line; i < lastPositive; i += 4) {
      const violation = f32x4.add(f32x4.splat(margin - load<f32>(i)), s);
      violations = f32x4.add(violations, v128.and(one, f32x4.gt(violation, zero)));
    }
    v128.store(k, f32x4.mul(violations, f32x4.splat(share)));
  }
  memory.copy(target, middle, (<usize>negatives) << 2);
  return sumLanes(losses) * share;
}

/**
 * Rows y_j = dy (Σ_i g_ji a_i + Σ_k g_j,A+k b_k), with the coefficient g_ji at `g + j·rowBytes + i·stepBytes`.
 * Arguments: g, rowBytes, stepBytes, a, count of a, b, count of b, dy, y, rows, columns.
 */
export function gradient(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 36);
  const rowBytes = load<usize>(args, 40) << 2;
  const step = load<usize>(args, 8);
  const countA = load<i32>(args, 16);
  const countB = load<i32>(args, 24);
  const dy = load<f32>(load<usize>(args, 28));
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    const g = load<usize>(args) + <usize>row * load<usize>(args, 4);
    const gB = g + <usize>countA * step;
    const y = load<usize>(args, 32) + <usize>row * rowBytes;
    let at: usize = 0;
    for (; at + 64 <= rowBytes; at += 64) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      let weight = g;
      let x = load<usize>(args, 12) + at;
      for (let i = 0; i < countA; i++) {
        const w = v128.load32_splat(weight);
        s0 = madd(w, v128.load(x), s0);
        s1 = madd(w, v128.load(x, 16), s1);
        s2 = madd(w, v128.load(x, 32), s2);
        s3 = madd(w, v128.load(x, 48), s3);
        weight += step;
        x += rowBytes;
      }
      x = load<usize>(args, 20) + at;
      for (let i = 0; i < countB; i++) {
        const w = v128.load32_splat(weight);
        s0 = madd(w, v128.load(x), s0);
        s1 = madd(w, v128.load(x, 16), s1);
        s2 = madd(w, v128.load(x, 32), s2);
        s3 = madd(w, v128.load(x, 48), s3);
        weight += step;
        x += rowBytes;
      }
      v128.store(y + at, f32x4.mul(s0, f32x4.splat(dy)));
      v128.store(y + at, f32x4.mul(s1, f32x4.splat(dy)), 16);
      v128.store(y + at, f32x4.mul(s2, f32x4.splat(dy)), 32);
      v128.store(y + at, f32x4.mul(s3, f32x4.splat(dy)), 48);
    }
    for (; at + 16 <= rowBytes; at += 16) {
      let sum = fourColumns(f32x4.splat(0), g, step, load<usize>(args, 12) + at, rowBytes, countA);
      sum = fourColumns(sum, gB, step, load<usize>(args, 20) + at, rowBytes, countB);
      v128.store(y + at, f32x4.mul(sum, f32x4.splat(dy)));
    }
    for (; at < rowBytes; at += 4) {
      let sum = oneColumn(0, g, step, load<usize>(args, 12) + at, rowBytes, countA);
      sum = oneColumn(sum, gB, step, load<usize>(args, 20) + at, rowBytes, countB);
      store<f32>(y + at, sum * dy);
    }
  }
}

function fourColumns(sum: v128, weight: usize, step: usize, x: usize, rowBytes: usize, count: i32): v128 {
  for (let i = 0; i < count; i++) {
    sum = madd(v128.load32_splat(weight), v128.load(x), sum);
    weight += step;
    x += rowBytes;
  }
  return sum;
}

function oneColumn(sum: f32, weight: usize, step: usize, x: usize, rowBytes: usize, count: i32): f32 {
  for (let i = 0; i < count; i++) {
    sum += load<f32>(weight) * load<f32>(x);
    weight += step;
    x += rowBytes;
  }
  return sum;
}

/**
 * 1 where the anchor's cosine to its own positive exceeds that to its own negative, else 0. The anchor's length cancels.
 * Arguments: q, p, n, hits, triplets, columns.
 */
export function ranking(args: usize, task: i32, tasks: i32): void {
  const triplets = load<i32>(args, 16);
  const columns = load<i32>(args, 20);
  const bytes = (<usize>columns) << 2;
  const last = partStart(triplets, task + 1, tasks);
  for (let triplet = partStart(triplets, task, tasks); triplet < last; triplet++) {
    const q = load<usize>(args) + <usize>triplet * bytes;
    const p = load<usize>(args, 4) + <usize>triplet * bytes;
    const n = load<usize>(args, 8) + <usize>triplet * bytes;
    const positive = dot(q, p, columns) * sqrt<f32>(dot(n, n, columns));
    const negative = dot(q, n, columns) * sqrt<f32>(dot(p, p, columns));
    store<f32>(load<usize>(args, 12) + ((<usize>triplet) << 2), positive > negative ? <f32>1 : <f32>0);
  }
}
