/** Products of A, read in place, and B, packed or in place. */
import { A_TRANSPOSED, A_WINDOWS, B_PACKED, TILE_COLUMNS, TILE_ROWS } from '../ops/matrix';
import { scratch } from '../schedule';
import { finishTile, TILE_BYTES, tileOfColumns, tileOfRows } from './tile';

/** Rows of A stored [k, m] that stay in the cache while a task goes over its columns. */
const TRANSPOSED_DEPTH: i32 = 256;
/** Bytes from one k to the next in a panel. */
const PANEL_STEP: usize = 32;

/**
 * Arguments:
 * 0 a, 4 b, 8 c, 12 bias, 16 addend, 20 m, 24 n, 28 k, 32 alpha,
 * 36 lda, 40 ldb, 44 ldc, 48 strideA, 52 strideB, 56 strideC (in numbers; strideB of packed panels too),
 * 60 mode, 64 rows per task, 68 columns per task, 72 row tasks, 76 column tasks,
 * windows: 80 outWidth, 84 outArea, 88 imageStride, 92 stepDown, 96 step, 100 channels, 104 kernelWidth, 108 tapBase,
 * 112 tapDown, 116 tapAcross.
 */
export function product(args: usize, task: i32): void {
  const rowTasks = load<i32>(args, 72);
  const columnTasks = load<i32>(args, 76);
  const entry = <usize>(task / (rowTasks * columnTasks));
  const rest = task % (rowTasks * columnTasks);
  const rowsPerTask = load<i32>(args, 64);
  const columnsPerTask = load<i32>(args, 68);
  const row = (rest / columnTasks) * rowsPerTask;
  const column = (rest % columnTasks) * columnsPerTask;
  const m = min(load<i32>(args, 20), row + rowsPerTask);
  const n = min(load<i32>(args, 24), column + columnsPerTask);
  const a = load<usize>(args) + entry * load<usize>(args, 48) * 4;
  const b = load<usize>(args, 4) + entry * load<usize>(args, 52) * 4;
  const cOffset = entry * load<usize>(args, 56) * 4;
  const mode = load<i32>(args, 60);
  if (mode & A_WINDOWS) windows(args, a, b, cOffset, row, m, column, n);
  else if (mode & A_TRANSPOSED) transposed(args, a, b, cOffset, row, m, column, n, (mode & B_PACKED) != 0);
  else rows(args, a, b, cOffset, row, m, column, n, (mode & B_PACKED) != 0);
}

/** First number of a panel: panels lie one after the other, or are columns of B in place. */
@inline
function panelOf(packed: bool, b: usize, column: i32, k: i32): usize {
  return packed ? b + <usize>column * <usize>k * 4 : b + <usize>column * 4;
}

function rows(
  args: usize,
  a: usize,
  b: usize,
  cOffset: usize,
  firstRow: i32,
  m: i32,
  firstColumn: i32,
  n: i32,
  packed: bool,
): void {
  const k = load<i32>(args, 28);
  const lda = load<usize>(args, 36) * 4;
  const ldc = load<usize>(args, 44) * 4;
  const bStep: usize = packed ? PANEL_STEP : load<usize>(args, 40) * 4;
  const alpha = load<f32>(args, 32);
  const bias = load<usize>(args, 12);
  const addend = load<usize>(args, 16);
  const c = load<usize>(args, 8) + cOffset;
  for (let column = firstColumn; column < n; column += TILE_COLUMNS) {
    const panel = panelOf(packed, b, column, k);
    const columnBytes = <usize>column * 4;
    for (let row = firstRow; row < m; row += TILE_ROWS) {
      const left = m - row;
      // Rows beyond the last are the last again: computed, not written.
      const last = a + <usize>(m - 1) * lda;
      const a0 = a + <usize>row * lda;
      const a1 = left > 1 ? a0 + lda : last;
      const a2 = left > 2 ? a1 + lda : last;
      const a3 = left > 3 ? a2 + lda : last;
      const a4 = left > 4 ? a3 + lda : last;
      tileOfRows(scratch, a0, a1, a2, a3, a4, panel, bStep, k, false);
      const at = <usize>row * ldc + columnBytes;
      const biasAt = bias ? bias + columnBytes : 0;
      finishTile(scratch, c + at, ldc, left, n - column, alpha, biasAt, addend ? addend + cOffset + at : 0);
    }
  }
}

/** A stored [k, m]: in parts of k, so that the rows of A and B that all tiles of the task read stay in the cache. */
function transposed(
  args: usize,
  a: usize,
  b: usize,
  cOffset: usize,
  firstRow: i32,
  m: i32,
  firstColumn: i32,
  n: i32,
  packed: bool,
): void {
  const k = load<i32>(args, 28);
  const lda = load<usize>(args, 36) * 4;
  const ldc = load<usize>(args, 44) * 4;
  const bStep: usize = packed ? PANEL_STEP : load<usize>(args, 40) * 4;
  const alpha = load<f32>(args, 32);
  const c = load<usize>(args, 8) + cOffset;
  // Once where k is 0 too: bias and addend remain.
  for (let first: i32 = 0; first == 0 || first < k; first += TRANSPOSED_DEPTH) {
    const depth = min(TRANSPOSED_DEPTH, k - first);
    // Bias and addend come in with the first part; later parts add to what is there.
    const bias = first == 0 ? load<usize>(args, 12) : 0;
    const addend = first == 0 ? load<usize>(args, 16) : load<usize>(args, 8);
    for (let column = firstColumn; column < n; column += TILE_COLUMNS) {
      const panel = panelOf(packed, b, column, k) + <usize>first * bStep;
      const columnBytes = <usize>column * 4;
      for (let row = firstRow; row < m; row += TILE_ROWS) {
        tileOfColumns(scratch, a + <usize>first * lda + <usize>row * 4, lda, panel, bStep, depth, false);
        const at = <usize>row * ldc + columnBytes;
        const biasAt = bias ? bias + columnBytes : 0;
        const plus = addend ? addend + cOffset + at : 0;
        finishTile(scratch, c + at, ldc, m - row, n - column, alpha, biasAt, plus);
      }
    }
  }
}

/** A as windows of padded images; B is packed. */
function windows(
  args: usize,
  a: usize,
  b: usize,
  cOffset: usize,
  firstRow: i32,
  m: i32,
  firstColumn: i32,
  n: i32,
): void {
  const k = load<i32>(args, 28);
  const ldc = load<usize>(args, 44) * 4;
  const alpha = load<f32>(args, 32);
  const bias = load<usize>(args, 12);
  const addend = load<usize>(args, 16);
  const c = load<usize>(args, 8) + cOffset;
  const channels = load<i32>(args, 100);
  const taps = k / channels;
  const across = load<i32>(args, 104);
  const down = <isize>load<i32>(args, 112) * 4;
  const right = <isize>load<i32>(args, 116) * 4;
  const count = m - firstRow;
  const starts = scratch + TILE_BYTES;
  windowStarts(args, a, firstRow, count, starts);
  for (let column = firstColumn; column < n; column += TILE_COLUMNS) {
    const columnBytes = <usize>column * 4;
    for (let i: i32 = 0; i < count; i += TILE_ROWS) {
      const start = starts + <usize>i * 4;
      let panel = panelOf(true, b, column, k);
      for (let tap: i32 = 0; tap < taps; tap++) {
        const offset = <isize>(tap / across) * down + <isize>(tap % across) * right;
        tileOfRows(
          scratch,
          load<usize>(start) + offset,
          load<usize>(start, 4) + offset,
          load<usize>(start, 8) + offset,
          load<usize>(start, 12) + offset,
          load<usize>(start, 16) + offset,
          panel,
          PANEL_STEP,
          channels,
          tap > 0,
        );
        panel += <usize>channels * PANEL_STEP;
      }
      const at = <usize>(firstRow + i) * ldc + columnBytes;
      const biasAt = bias ? bias + columnBytes : 0;
      finishTile(scratch, c + at, ldc, count - i, n - column, alpha, biasAt, addend ? addend + cOffset + at : 0);
    }
  }
}

/** Addresses of the first tap of `count` rows; a few more at the end repeat the last one. */
function windowStarts(args: usize, a: usize, firstRow: i32, count: i32, starts: usize): void {
  const outWidth = load<i32>(args, 80);
  const outArea = load<i32>(args, 84);
  const base = load<i32>(args, 108);
  for (let i: i32 = 0; i < count + TILE_ROWS; i++) {
    const row = firstRow + min(i, count - 1);
    const image = row / outArea;
    const position = row % outArea;
    const offset =
      image * load<i32>(args, 88) +
      (position / outWidth) * load<i32>(args, 92) +
      (position % outWidth) * load<i32>(args, 96) +
      base;
    store<usize>(starts + <usize>i * 4, a + <usize>(offset * 4));
  }
}
