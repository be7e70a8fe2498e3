/**
 * B as panels: eight columns wide, k rows deep, one after the other, zeros beyond n. A product then reads B from front to back.
 */
import { TILE_COLUMNS } from '../ops/matrix';
import { partStart } from '../simd';
import { loadHalf, loadHalves } from './half';

/**
 * Arguments: 0 b, 4 packed, 8 k, 12 n, 16 ld, 20 stride, 24 batch, 28 transposed, 32 half, 36 stack. B transposed may be a stack of
 * matrices [n, k/stack], one after the other along k. Tasks share out panels.
 */
export function pack(args: usize, task: i32, tasks: i32): void {
  const b = load<usize>(args);
  const packed = load<usize>(args, 4);
  const k = load<i32>(args, 8);
  const n = load<i32>(args, 12);
  const ld = load<usize>(args, 16);
  const stride = load<usize>(args, 20);
  const batch = load<i32>(args, 24);
  const transposed = load<i32>(args, 28) != 0;
  const half = load<i32>(args, 32) != 0;
  const stack = load<i32>(args, 36);
  const size: usize = half ? 2 : 4;
  const across = (n + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const end = partStart(across * batch, task + 1, tasks);
  for (let panel = partStart(across * batch, task, tasks); panel < end; panel++) {
    const entry = panel / across;
    const column = (panel % across) * TILE_COLUMNS;
    const target = packed + <usize>panel * <usize>k * TILE_COLUMNS * 4;
    const columns = min(n - column, TILE_COLUMNS);
    const matrix = b + <usize>entry * stride * size;
    if (transposed) {
      const depth = k / stack;
      for (let part: i32 = 0; part < stack; part++) {
        const from = matrix + (<usize>part * <usize>n + <usize>column) * ld * size;
        packTransposed(from, target + <usize>part * <usize>depth * 32, depth, columns, ld, half);
      }
    } else packRows(matrix + <usize>column * size, target, k, columns, ld, half);
  }
}

/** Rows of B: `columns` numbers out of each of k rows. */
function packRows(from: usize, target: usize, k: i32, columns: i32, ld: usize, half: bool): void {
  const step = ld * (half ? 2 : 4);
  const end = target + <usize>k * 32;
  if (columns < TILE_COLUMNS) {
    for (; target < end; target += 32) {
      for (let j: usize = 0; j < <usize>TILE_COLUMNS; j++) {
        let value: f32 = 0;
        if (<i32>j < columns) value = half ? loadHalf(from + 2 * j) : load<f32>(from + 4 * j);
        store<f32>(target + 4 * j, value);
      }
      from += step;
    }
  } else if (half) {
    for (; target < end; target += 32) {
      v128.store(target, loadHalves(from));
      v128.store(target, loadHalves(from + 8), 16);
      from += step;
    }
  } else {
    for (; target < end; target += 32) {
      v128.store(target, v128.load(from));
      v128.store(target, v128.load(from, 16), 16);
      from += step;
    }
  }
}

/** Columns of B stored as rows: k numbers from each of `columns` rows, turned four by four. */
function packTransposed(from: usize, target: usize, k: i32, columns: i32, ld: usize, half: bool): void {
  packTurned(from, target, k, min(columns, 4), ld, half);
  packTurned(from + 4 * ld * (half ? 2 : 4), target + 16, k, columns - 4, ld, half);
}

/** Four columns of a panel out of as many rows of memory; zeros for those beyond `columns`. */
function packTurned(from: usize, target: usize, k: i32, columns: i32, ld: usize, half: bool): void {
  const size: usize = half ? 2 : 4;
  const step = ld * size;
  let p: i32 = 0;
  if (columns >= 4) {
    let r0 = from;
    let r1 = from + step;
    let r2 = r1 + step;
    let r3 = r2 + step;
    for (; p + 4 <= k; p += 4) {
      const v0 = half ? loadHalves(r0) : v128.load(r0);
      const v1 = half ? loadHalves(r1) : v128.load(r1);
      const v2 = half ? loadHalves(r2) : v128.load(r2);
      const v3 = half ? loadHalves(r3) : v128.load(r3);
      const a = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
      const b = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
      const c = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
      const d = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
      v128.store(target, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
      v128.store(target, v128.shuffle<f32>(a, b, 2, 3, 6, 7), 32);
      v128.store(target, v128.shuffle<f32>(c, d, 0, 1, 4, 5), 64);
      v128.store(target, v128.shuffle<f32>(c, d, 2, 3, 6, 7), 96);
      target += 128;
      r0 += 4 * size;
      r1 += 4 * size;
      r2 += 4 * size;
      r3 += 4 * size;
    }
    from = r0;
  }
  for (; p < k; p++) {
    for (let j: i32 = 0; j < 4; j++) {
      let value: f32 = 0;
      const at = from + <usize>j * step;
      if (j < columns) value = half ? loadHalf(at) : load<f32>(at);
      store<f32>(target + <usize>j * 4, value);
    }
    target += 32;
    from += size;
  }
}
