/**
 * Arguments that both directions share, as `src/backend/cpu/kernels/attention.ts` writes them: q, k, v, o, lse, dO, dq, dk, dv at 0 to
 * 32 (0 for those left out); then stride and first column (in numbers) of q, k, v, dq, dk, dv from 36 on; heads, queries, keys,
 * width, causal, scale; and two numbers of each direction's own.
 */
export const Q: usize = 0;
export const K: usize = 1;
export const V: usize = 2;
export const DQ: usize = 3;
export const DK: usize = 4;
export const DV: usize = 5;

/** Bytes from one row of a part to the next. */
@inline
export function strideOf(args: usize, part: usize): usize {
  return load<usize>(args + part * 8, 36) * 4;
}

/** Address of row `row` of a part in the columns of one head; 0 when the part is left out. */
export function rowOf(args: usize, part: usize, row: i32, head: i32): usize {
  // The gradients come after o, lse and dO.
  const base = load<usize>(args + (part < DQ ? part : part + 3) * 4);
  if (!base) return 0;
  const column = load<i32>(args + part * 8, 40) + head * widthOf(args);
  return base + <usize>row * strideOf(args, part) + <usize>column * 4;
}

/** Address of row `row` of a dense tensor [rows, heads·width] in the columns of one head. */
@inline
export function denseRow(base: usize, args: usize, row: i32, head: i32): usize {
  return base + (<usize>row * <usize>headsOf(args) + <usize>head) * <usize>widthOf(args) * 4;
}

@inline
export function headsOf(args: usize): i32 {
  return load<i32>(args, 84);
}

@inline
export function queriesOf(args: usize): i32 {
  return load<i32>(args, 88);
}

@inline
export function keysOf(args: usize): i32 {
  return load<i32>(args, 92);
}

@inline
export function widthOf(args: usize): i32 {
  return load<i32>(args, 96);
}

@inline
export function causalOf(args: usize): bool {
  return load<i32>(args, 100) != 0;
}

@inline
export function scaleOf(args: usize): f32 {
  return load<f32>(args, 104);
}
