/** Matrices copied, or transposed, into dense memory. */
import { partStart } from '../simd';
import { loadHalf } from './half';

/** Rows of the result that are written together, so that transposing reads whole cache lines. */
const BLOCK: i32 = 16;

/**
 * Arguments: 0 x, 4 y, 8 batch, 12 rows, 16 columns, 20 ld, 24 stride, 28 transpose, 32 outColumns, 36 half. Tasks share out blocks
 * of rows of the result.
 */
export function rearrange(args: usize, task: i32, tasks: i32): void {
  const rows = load<i32>(args, 12);
  const columns = load<i32>(args, 16);
  const ld = load<usize>(args, 20);
  const transpose = load<i32>(args, 28) != 0;
  const outColumns = load<i32>(args, 32);
  const half = load<i32>(args, 36) != 0;
  const outRows = transpose ? columns : rows;
  const inside = transpose ? rows : columns;
  const size: usize = half ? 2 : 4;
  const down: usize = (transpose ? 1 : ld) * size;
  const right: usize = (transpose ? ld : 1) * size;
  const blocks = (outRows + BLOCK - 1) / BLOCK;
  const total = blocks * load<i32>(args, 8);
  const end = partStart(total, task + 1, tasks);
  for (let index = partStart(total, task, tasks); index < end; index++) {
    const entry = <usize>(index / blocks);
    const first = (index % blocks) * BLOCK;
    const last = min(first + BLOCK, outRows);
    const x = load<usize>(args) + entry * load<usize>(args, 24) * size;
    const y = load<usize>(args, 4) + entry * <usize>outRows * <usize>outColumns * 4;
    for (let column: i32 = 0; column < outColumns; column++) {
      let from = x + <usize>first * down + <usize>column * right;
      let to = y + (<usize>first * <usize>outColumns + <usize>column) * 4;
      for (let row = first; row < last; row++) {
        let value: f32 = 0;
        if (column < inside) value = half ? loadHalf(from) : load<f32>(from);
        store<f32>(to, value);
        from += down;
        to += <usize>outColumns * 4;
      }
    }
  }
}
