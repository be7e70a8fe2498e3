/** Rows copied from place to place; the interface is `RowKernels` in src/backend/families. */
import { partStart } from '../simd';
import { addRun, scaleRun } from './vectors';

/** Arguments: 0 x, 4 y, 8 rows, 12 width, 16 xStride, 20 xOffset, 24 yStride, 28 yOffset. Tasks share out numbers of the result. */
export function copyRows(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 8);
  const width = load<i32>(args, 12);
  // One long row is shared out by columns, many rows by rows.
  const byColumns = rows < tasks;
  const firstRow = byColumns ? 0 : partStart(rows, task, tasks);
  const lastRow = byColumns ? rows : partStart(rows, task + 1, tasks);
  const from = byColumns ? partStart(width, task, tasks) : 0;
  const count = (byColumns ? partStart(width, task + 1, tasks) : width) - from;
  const xStep = load<usize>(args, 16) * 4;
  const yStep = load<usize>(args, 24) * 4;
  let x = load<usize>(args) + <usize>firstRow * xStep + (load<usize>(args, 20) + <usize>from) * 4;
  let y = load<usize>(args, 4) + <usize>firstRow * yStep + (load<usize>(args, 28) + <usize>from) * 4;
  for (let row = firstRow; row < lastRow; row++) {
    memory.copy(y, x, <usize>count * 4);
    x += xStep;
    y += yStep;
  }
}

/** Arguments: 0 x, 4 y, 8 rows, 12 width, 16 offset, 20 blockWidth. Tasks share out numbers of the result. */
export function placeRows(args: usize, task: i32, tasks: i32): void {
  const width = load<i32>(args, 12);
  const offset = load<i32>(args, 16);
  const block = load<i32>(args, 20);
  const size = load<i32>(args, 8) * width;
  const end = partStart(size, task + 1, tasks);
  let at = partStart(size, task, tasks);
  while (at < end) {
    const row = at / width;
    const column = at - row * width;
    const last = min(width, column + end - at);
    // The part of the block between `column` and `last`.
    const begin = min(max(offset, column), last);
    const stop = max(min(offset + block, last), begin);
    const y = load<usize>(args, 4) + <usize>(row * width) * 4;
    const x = load<usize>(args) + <usize>(row * block + begin - offset) * 4;
    memory.fill(y + <usize>column * 4, 0, <usize>(begin - column) * 4);
    memory.copy(y + <usize>begin * 4, x, <usize>(stop - begin) * 4);
    memory.fill(y + <usize>stop * 4, 0, <usize>(last - stop) * 4);
    at += last - column;
  }
}

/** Arguments: 0 x, 4 y, 8 outer, 12 count, 16 width, 20 begin, 24 end, 28 scale. Tasks share out rows of the result. */
export function spreadRows(args: usize, task: i32, tasks: i32): void {
  const count = load<i32>(args, 12);
  const width = load<i32>(args, 16);
  const begin = load<i32>(args, 20);
  const end = load<i32>(args, 24);
  const scale = load<f32>(args, 28);
  const rows = load<i32>(args, 8) * count;
  const bytes = <usize>width * 4;
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    const t = row % count;
    const y = load<usize>(args, 4) + <usize>row * bytes;
    if (t >= begin && t < end) scaleRun(load<usize>(args) + <usize>(row / count) * bytes, y, width, scale);
    else memory.fill(y, 0, bytes);
  }
}

/** Arguments: 0 x, 4 indices, 8 y, 12 rows, 16 width. Tasks share out rows. */
export function gatherRows(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 12);
  const bytes = load<usize>(args, 16) * 4;
  const indices = load<usize>(args, 4);
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    const from = load<usize>(args) + <usize>load<u32>(indices + <usize>row * 4) * bytes;
    memory.copy(load<usize>(args, 8) + <usize>row * bytes, from, bytes);
  }
}

/** Arguments: 0 x, 4 starts, 8 sources, 12 y, 16 rows, 20 width. Tasks share out rows of the result. */
export function scatterAddRows(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 16);
  const width = load<i32>(args, 20);
  const bytes = <usize>width * 4;
  const starts = load<usize>(args, 4);
  const sources = load<usize>(args, 8);
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    const y = load<usize>(args, 12) + <usize>row * bytes;
    memory.fill(y, 0, bytes);
    const end = load<u32>(starts + <usize>row * 4 + 4);
    for (let k = load<u32>(starts + <usize>row * 4); k < end; k++) {
      addRun(y, load<usize>(args) + <usize>load<u32>(sources + <usize>k * 4) * bytes, y, width);
    }
  }
}

/** Arguments: 0 token, 4 x, 8 positions or 0, 12 y, 16 batch, 20 tokens, 24 prefix, 28 width. Tasks share out rows of the result. */
export function prependRows(args: usize, task: i32, tasks: i32): void {
  const positions = load<usize>(args, 8);
  const tokens = load<i32>(args, 20);
  const prefix = load<i32>(args, 24);
  const width = load<i32>(args, 28);
  const bytes = <usize>width * 4;
  const rows = load<i32>(args, 16) * tokens;
  const last = partStart(rows, task + 1, tasks);
  for (let row = partStart(rows, task, tasks); row < last; row++) {
    const t = row % tokens;
    const batch = row / tokens;
    const from =
      t < prefix
        ? load<usize>(args) + <usize>t * bytes
        : load<usize>(args, 4) + <usize>(row - (batch + 1) * prefix) * bytes;
    const y = load<usize>(args, 12) + <usize>row * bytes;
    if (positions) addRun(from, positions + <usize>t * bytes, y, width);
    else memory.copy(y, from, bytes);
  }
}
