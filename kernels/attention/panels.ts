/**
 * Rows in the order that products read them. A panel holds eight rows turned: number d of all eight, then number d + 1. A pack of
 * fives holds five neighbouring numbers of every row, then the next five: what `tileOfColumns` reads as its A, front to back.
 */

/** Bytes of one d of a panel. */
export const PANEL_STEP: usize = 32;
/** Bytes of one row in a group of a pack of fives. */
export const FIVE_STEP: usize = 20;

/** Groups of five that cover `width` numbers. */
@inline
export function fivesOf(width: i32): i32 {
  return (width + 4) / 5;
}

/**
 * Eight rows as a panel, times a factor.
 * @param rows that exist; the last of them stands in for those that do not
 */
export function turnIn(from: usize, stride: usize, rows: i32, width: i32, factor: f32, to: usize): void {
  const f = f32x4.splat(factor);
  for (let half: i32 = 0; half < 2; half++) {
    let r0 = from + <usize>min(4 * half, rows - 1) * stride;
    let r1 = from + <usize>min(4 * half + 1, rows - 1) * stride;
    let r2 = from + <usize>min(4 * half + 2, rows - 1) * stride;
    let r3 = from + <usize>min(4 * half + 3, rows - 1) * stride;
    let target = to + <usize>half * 16;
    for (let d = width; d > 0; d -= 4) {
      const v0 = v128.load(r0);
      const v1 = v128.load(r1);
      const v2 = v128.load(r2);
      const v3 = v128.load(r3);
      const a = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
      const b = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
      const c = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
      const e = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
      v128.store(target, f32x4.mul(f, v128.shuffle<f32>(a, b, 0, 1, 4, 5)));
      v128.store(target, f32x4.mul(f, v128.shuffle<f32>(a, b, 2, 3, 6, 7)), 32);
      v128.store(target, f32x4.mul(f, v128.shuffle<f32>(c, e, 0, 1, 4, 5)), 64);
      v128.store(target, f32x4.mul(f, v128.shuffle<f32>(c, e, 2, 3, 6, 7)), 96);
      target += 128;
      r0 += 16;
      r1 += 16;
      r2 += 16;
      r3 += 16;
    }
  }
}

/**
 * A panel as eight rows, each times its own factor.
 * @param factors eight numbers
 * @param rows to write, from the first
 * @param add whether to what is there
 * @param nowhere `width` numbers of scratch memory
 */
export function turnOut(
  from: usize,
  factors: usize,
  to: usize,
  stride: usize,
  rows: i32,
  width: i32,
  add: bool,
  nowhere: usize,
): void {
  for (let half: i32 = 0; half < 2; half++) {
    const f = v128.load(factors + <usize>half * 16);
    const first = to + <usize>(4 * half) * stride;
    const left = rows - 4 * half;
    let r0 = left > 0 ? first : nowhere;
    let r1 = left > 1 ? first + stride : nowhere;
    let r2 = left > 2 ? first + 2 * stride : nowhere;
    let r3 = left > 3 ? first + 3 * stride : nowhere;
    let source = from + <usize>half * 16;
    for (let d = width; d > 0; d -= 4) {
      const v0 = f32x4.mul(f, v128.load(source));
      const v1 = f32x4.mul(f, v128.load(source, 32));
      const v2 = f32x4.mul(f, v128.load(source, 64));
      const v3 = f32x4.mul(f, v128.load(source, 96));
      const a = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
      const b = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
      const c = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
      const e = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
      const w0 = v128.shuffle<f32>(a, b, 0, 1, 4, 5);
      const w1 = v128.shuffle<f32>(a, b, 2, 3, 6, 7);
      const w2 = v128.shuffle<f32>(c, e, 0, 1, 4, 5);
      const w3 = v128.shuffle<f32>(c, e, 2, 3, 6, 7);
      v128.store(r0, add ? f32x4.add(v128.load(r0), w0) : w0);
      v128.store(r1, add ? f32x4.add(v128.load(r1), w1) : w1);
      v128.store(r2, add ? f32x4.add(v128.load(r2), w2) : w2);
      v128.store(r3, add ? f32x4.add(v128.load(r3), w3) : w3);
      source += 128;
      r0 += 16;
      r1 += 16;
      r2 += 16;
      r3 += 16;
    }
  }
}

/** Rows as a pack of fives; zeros beyond `width`. */
export function packFives(from: usize, stride: usize, rows: i32, width: i32, to: usize): void {
  let d: i32 = 0;
  for (; d + 5 <= width; d += 5) {
    let row = from + <usize>d * 4;
    for (let r = rows; r > 0; r--) {
      v128.store(to, v128.load(row));
      store<f32>(to, load<f32>(row, 16), 16);
      row += stride;
      to += FIVE_STEP;
    }
  }
  if (d == width) return;
  for (let r: i32 = 0; r < rows; r++) {
    const row = from + <usize>r * stride;
    for (let j: i32 = 0; j < 5; j++) {
      store<f32>(to, d + j < width ? load<f32>(row + <usize>(d + j) * 4) : 0);
      to += 4;
    }
  }
}
