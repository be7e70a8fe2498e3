import { GRADIENT_QUERIES, PANEL_QUERIES } from '../ops/attention';
import { scratch } from '../schedule';
import { madd, partStart, sumLanes } from '../simd';
import {
  causalOf,
  denseRow,
  DK,
  DQ,
  DV,
  headsOf,
  K,
  keysOf,
  Q,
  queriesOf,
  rowOf,
  scaleOf,
  strideOf,
  V,
  widthOf,
} from './layout';
import { fivesOf, packFives, PANEL_STEP, turnIn, turnOut } from './panels';
import { addWeightedRows, rowsTimesPanel, weightedSums } from './products';
import { hideLater, weighAgain } from './weights';

const LOG2E: f32 = 1.4426950408889634;
/** Bytes from key to key in a block's weights; half a cache line more than its queries, so that keys do not share a few lines. */
const WIDE_STRIDE: usize = GRADIENT_QUERIES * 4 + 32;

/**
 * Gradients of one part of a head's queries and one part of its keys: with P computed again from lse, delta = rowsum(dO∘O) and
 * dS = P∘(dO Vᵀ − delta): dQ = scale·dS K, dK = scale·dSᵀ Q, dV = Pᵀ dO.
 * Own arguments: 108 parts that queries and keys are cut into, 112 step. In one step, part p of the queries meets part p + step of the
 * keys (counted round), so that no two tasks add to the same rows, and after as many steps as parts all have met. A task is one pair
 * of parts; the step 0 begins with zeros, the others add.
 */
export function attentionGradient(args: usize, task: i32): void {
  const parts = load<i32>(args, 108);
  const step = load<i32>(args, 112);
  const queries = queriesOf(args);
  const keys = keysOf(args);
  const width = widthOf(args);
  const causal = causalOf(args);
  const scale = scaleOf(args);
  const pair = task / parts;
  const part = task % parts;
  const batch = pair / headsOf(args);
  const head = pair % headsOf(args);
  const panels = (queries + PANEL_QUERIES - 1) / PANEL_QUERIES;
  const firstQuery = partStart(panels, part, parts) * PANEL_QUERIES;
  const lastQuery = min(queries, partStart(panels, part + 1, parts) * PANEL_QUERIES);
  const keyPart = (part + step) % parts;
  const firstKey = partStart(keys, keyPart, parts);
  const count = partStart(keys, keyPart + 1, parts) - firstKey;

  const k = rowOf(args, K, batch * keys + firstKey, head);
  const v = rowOf(args, V, batch * keys + firstKey, head);
  const dk = rowOf(args, DK, batch * keys + firstKey, head);
  const dv = rowOf(args, DV, batch * keys + firstKey, head);
  const wantsQ = load<usize>(args, 24) != 0;
  if (dk && step == 0) {
    clearRows(dk, strideOf(args, DK), count, width);
    clearRows(dv, strideOf(args, DV), count, width);
  }

  const turned = scratch;
  const numbers = turned + <usize>width * PANEL_STEP;
  const tile = numbers + 96;
  const scores = tile + 160;
  const slopes = scores + <usize>(count + 4) * PANEL_STEP;
  const sums = slopes + <usize>(count + 4) * PANEL_STEP;
  const wideP = sums + <usize>fivesOf(width) * 160;
  const wideDS = wideP + <usize>count * WIDE_STRIDE;
  const fives = wideDS + <usize>count * WIDE_STRIDE;
  v128.store(numbers, f32x4.splat(scale), 64);
  v128.store(numbers, f32x4.splat(scale), 80);
  if (wantsQ) packFives(k, strideOf(args, K), count, width, fives);

  const dense = <usize>(headsOf(args) * width) * 4;
  for (let block = firstQuery; block < lastQuery; block += GRADIENT_QUERIES) {
    const end = min(lastQuery, block + GRADIENT_QUERIES);
    const blockSeen = causal ? max(0, min(count, end - firstKey)) : count;
    for (let query = block; query < end; query += PANEL_QUERIES) {
      const rows = min(PANEL_QUERIES, end - query);
      const seen = causal ? max(0, min(count, query + rows - firstKey)) : count;
      const row = batch * queries + query;
      const dO = denseRow(load<usize>(args, 20), args, row, head);
      const wide = <usize>(query - block) * 4;
      turnIn(rowOf(args, Q, row, head), strideOf(args, Q), rows, width, scale * LOG2E, turned);
      rowsTimesPanel(k, strideOf(args, K), seen, width, turned, scores);
      turnIn(dO, dense, rows, width, 1, turned);
      rowsTimesPanel(v, strideOf(args, V), seen, width, turned, slopes);
      if (causal) hideLater(scores, seen, query - firstKey);
      const o = denseRow(load<usize>(args, 12), args, row, head);
      const lse = load<usize>(args, 16) + <usize>(pair * queries + query) * 4;
      for (let i: i32 = 0; i < PANEL_QUERIES; i++) {
        const real = <usize>min(i, rows - 1);
        const at = numbers + <usize>i * 4;
        store<f32>(at, load<f32>(lse + real * 4));
        store<f32>(at, product(o + real * dense, dO + real * dense, width), 32);
      }
      weighAgain(scores, slopes, seen, numbers, numbers + 32, wideP + wide, wideDS + wide, WIDE_STRIDE);
      // Keys that only later panels of the block see.
      for (let j = seen; j < blockSeen; j++) {
        const at = <usize>j * WIDE_STRIDE + wide;
        memory.fill(wideP + at, 0, 32);
        memory.fill(wideDS + at, 0, 32);
      }
      if (wantsQ) {
        weightedSums(fives, count, seen, width, slopes, sums, false);
        const dq = rowOf(args, DQ, row, head);
        turnOut(sums, numbers + 64, dq, strideOf(args, DQ), rows, width, step > 0, turned);
      }
    }
    if (dk) {
      const row = batch * queries + block;
      const terms = end - block;
      const q = rowOf(args, Q, row, head);
      const dO = denseRow(load<usize>(args, 20), args, row, head);
      addWeightedRows(wideDS, WIDE_STRIDE, blockSeen, terms, q, strideOf(args, Q), width, scale, dk, strideOf(args, DK), tile);
      addWeightedRows(wideP, WIDE_STRIDE, blockSeen, terms, dO, dense, width, 1, dv, strideOf(args, DV), tile);
    }
  }
}

function clearRows(to: usize, stride: usize, rows: i32, width: i32): void {
  for (let i = rows; i > 0; i--) {
    memory.fill(to, 0, <usize>width * 4);
    to += stride;
  }
}

/** Σ a·b over `width` numbers. */
function product(a: usize, b: usize, width: i32): f32 {
  let sum = f32x4.splat(0);
  for (let d = width; d > 0; d -= 4) {
    sum = madd(v128.load(a), v128.load(b), sum);
    a += 16;
    b += 16;
  }
  return sumLanes(sum);
}
