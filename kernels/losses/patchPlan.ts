/**
 * The plan of a triplet for the patch term: which tokens take part. Object patches of the anchor and of the positive are the two
 * sides' rows; every row has the object patches of the other side for it, and the background patches of both and all patches of
 * the negative against it. What is neither costs nothing.
 *
 * Words: rows of side 0, rows of side 1, members against; the width of a line's first part (the larger side, padded to fours); the
 * numbers of a line; the first line of side 1; 1/(pairs·triplets) as f32. From word PLAN_WORDS on, byte offsets of tokens: side 0 and side 1,
 * each padded to that width, then the members against, padded to fours. Padding repeats the last.
 */
import { PATCH_TILE, PLAN_WORDS } from '../ops/losses';

/** Number of rows of a side. */
@inline
export function sideRows(plan: usize, side: i32): i32 {
  return load<i32>(plan + ((<usize>side) << 2));
}

/** Where the byte offsets of a side's tokens are. */
@inline
export function sideTokens(plan: usize, side: i32): usize {
  return plan + ((<usize>(PLAN_WORDS + side * load<i32>(plan, 12))) << 2);
}

/** Where the byte offsets of the members against are. */
@inline
export function againstTokens(plan: usize): usize {
  return plan + ((<usize>(PLAN_WORDS + 2 * load<i32>(plan, 12))) << 2);
}

/** The line of a row in the triplet's part of the workspace. */
@inline
export function line(plan: usize, workspace: usize, side: i32, row: i32): usize {
  return workspace + ((<usize>((side * load<i32>(plan, 20) + row) * load<i32>(plan, 16))) << 2);
}

/**
 * One triplet's plan.
 * Arguments: coverage, plans, words a plan, triplets, tokens a view, patches, channels, objectFrom, backgroundBelow.
 */
export function patchPlan(args: usize, triplet: i32): void {
  const triplets = load<i32>(args, 12);
  const patches = load<i32>(args, 20);
  const objectFrom = load<f32>(args, 28);
  const backgroundBelow = load<f32>(args, 32);
  const plan = load<usize>(args, 4) + ((<usize>triplet * load<i32>(args, 8)) << 2);
  const tokenBytes = load<usize>(args, 24) << 2;
  const viewBytes = load<usize>(args, 16) * tokenBytes;
  const prefixBytes = viewBytes - <usize>patches * tokenBytes;

  let against = patches;
  for (let side = 0; side < 2; side++) {
    let objects = 0;
    for (let i = 0; i < patches; i++) {
      const covered = coverageOf(args, side * triplets + triplet, i);
      if (covered >= objectFrom) objects++;
      else if (covered >= 0 && covered < backgroundBelow) against++;
    }
    store<i32>(plan + ((<usize>side) << 2), objects);
  }
  const rows0 = load<i32>(plan);
  const rows1 = load<i32>(plan, 4);
  if (rows0 == 0 || rows1 == 0) {
    store<i64>(plan, 0);
    store<i64>(plan, 0, 8);
    return;
  }
  const width = (max(rows0, rows1) + 3) & ~3;
  const againstWidth = (against + 3) & ~3;
  store<i32>(plan, against, 8);
  store<i32>(plan, width, 12);
  store<i32>(plan, width + againstWidth, 16);
  store<i32>(plan, ((rows0 + PATCH_TILE - 1) / PATCH_TILE) * PATCH_TILE, 20);
  store<f32>(plan, 1 / (<f32>2 * <f32>rows0 * <f32>rows1 * <f32>triplets), 24);

  const first = againstTokens(plan);
  let next = first;
  for (let side = 0; side < 2; side++) {
    const view = <usize>(side * triplets + triplet) * viewBytes + prefixBytes;
    let object = sideTokens(plan, side);
    for (let i = 0; i < patches; i++) {
      const covered = coverageOf(args, side * triplets + triplet, i);
      if (covered >= objectFrom) {
        store<usize>(object, view + <usize>i * tokenBytes);
        object += 4;
      } else if (covered >= 0 && covered < backgroundBelow) {
        store<usize>(next, view + <usize>i * tokenBytes);
        next += 4;
      }
    }
    repeatLast(object, sideTokens(plan, side) + ((<usize>width) << 2));
  }
  const view = <usize>(2 * triplets + triplet) * viewBytes + prefixBytes;
  for (let i = 0; i < patches; i++) {
    store<usize>(next, view + <usize>i * tokenBytes);
    next += 4;
  }
  repeatLast(next, first + ((<usize>againstWidth) << 2));
}

@inline
function coverageOf(args: usize, view: i32, patch: i32): f32 {
  return load<f32>(load<usize>(args) + ((<usize>(view * load<i32>(args, 20) + patch)) << 2));
}

function repeatLast(at: usize, end: usize): void {
  const last = load<usize>(at - 4);
  for (; at < end; at += 4) store<usize>(at, last);
}
