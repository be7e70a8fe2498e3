import { PANEL_QUERIES } from '../ops/attention';
import { scratch } from '../schedule';
import { partStart } from '../simd';
import {
  causalOf,
  denseRow,
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
import { rowsTimesPanel, weightedSums } from './products';
import { hideLater, log2, shrink, STATE_BYTES, STATE_SHRINK, STATE_SUMS, weigh } from './weights';

const LOG2E: f32 = 1.4426950408889634;

/**
 * O = softmax(scale·QKᵀ) V for a part of the queries of one head, over blocks of keys with a running maximum and sum (Milakov and
 * Gimelshein, arXiv 1805.02867); and lse = log2 Σ 2^score, with scores in base 2.
 * Own arguments: 108 parts of a head's queries, 112 keys of a block. A task is one part.
 */
export function attentionForward(args: usize, task: i32): void {
  const parts = load<i32>(args, 108);
  const blockKeys = load<i32>(args, 112);
  const queries = queriesOf(args);
  const keys = keysOf(args);
  const width = widthOf(args);
  const causal = causalOf(args);
  const scale: f32 = scaleOf(args) * LOG2E;
  const pair = task / parts;
  const part = task % parts;
  const batch = pair / headsOf(args);
  const head = pair % headsOf(args);
  const panels = (queries + PANEL_QUERIES - 1) / PANEL_QUERIES;
  const first = partStart(panels, part, parts) * PANEL_QUERIES;
  const last = min(queries, partStart(panels, part + 1, parts) * PANEL_QUERIES);

  const turned = scratch;
  const scores = turned + <usize>width * PANEL_STEP;
  const fives = scores + <usize>(blockKeys + 4) * PANEL_STEP;
  const panelBytes = STATE_BYTES + <usize>fivesOf(width) * 160;
  const kept = fives + <usize>(blockKeys * fivesOf(width)) * 20;

  for (let key: i32 = 0; key < keys; key += blockKeys) {
    if (causal && key >= last) break;
    const count = min(blockKeys, keys - key);
    const k = rowOf(args, K, batch * keys + key, head);
    const v = rowOf(args, V, batch * keys + key, head);
    packFives(v, strideOf(args, V), count, width, fives);
    let state = kept;
    for (let query = first; query < last; query += PANEL_QUERIES) {
      const seen = causal ? min(count, query + PANEL_QUERIES - key) : count;
      if (seen > 0) {
        const sums = state + STATE_BYTES;
        const q = rowOf(args, Q, batch * queries + query, head);
        turnIn(q, strideOf(args, Q), last - query, width, scale, turned);
        rowsTimesPanel(k, strideOf(args, K), seen, width, turned, scores);
        if (causal) hideLater(scores, seen, query - key);
        weigh(scores, seen, state, key == 0);
        if (key > 0) shrink(sums, width, state + STATE_SHRINK);
        weightedSums(fives, count, seen, width, scores, sums, key > 0);
      }
      state += panelBytes;
    }
  }

  let state = kept;
  for (let query = first; query < last; query += PANEL_QUERIES) {
    const rows = min(PANEL_QUERIES, last - query);
    const lse = load<usize>(args, 16) + <usize>(pair * queries + query) * 4;
    for (let i: usize = 0; i < <usize>rows * 4; i += 4) {
      store<f32>(lse + i, load<f32>(state + i) + log2(load<f32>(state + i, STATE_SUMS)));
    }
    const one = f32x4.splat(1);
    v128.store(state, f32x4.div(one, v128.load(state, STATE_SUMS)), STATE_SUMS);
    v128.store(state, f32x4.div(one, v128.load(state, STATE_SUMS + 16)), STATE_SUMS + 16);
    const o = denseRow(load<usize>(args, 12), args, batch * queries + query, head);
    const stride = <usize>(headsOf(args) * width) * 4;
    turnOut(state + STATE_BYTES, state + STATE_SUMS, o, stride, rows, width, false, turned);
    state += panelBytes;
  }
}
