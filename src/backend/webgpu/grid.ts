import type { Grid } from './recorder.ts';

/** Workgroups that every adapter takes in one dimension. */
const MAX_PER_DIMENSION = 65_535;

/**
 * Grid for `count` invocations in a line, folded into y when one dimension is not enough. The kernel finds its index as
 * `gid.x + gid.y * grid.x * WORKGROUP` with `@builtin(num_workgroups) grid`, and must check it against the count.
 */
export function linearGrid(count: number, workgroupSize: number): Grid {
  return foldGrid(Math.ceil(count / workgroupSize));
}

/** Grid for `groups` workgroups in a line; the kernel finds its group as `wid.x + wid.y * grid.x`. */
export function foldGrid(groups: number): Grid {
  if (groups <= MAX_PER_DIMENSION) return [groups, 1, 1];
  const y = Math.ceil(groups / MAX_PER_DIMENSION);
  return [Math.ceil(groups / y), y, 1];
}
