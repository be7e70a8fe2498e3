/** Numbers of the matrix kernels, and what both sides must agree on. */

export const PACK = 0;
export const PRODUCT = 1;
export const COMBINE = 2;
export const REARRANGE = 3;
export const UNFOLD = 4;

/** Rows and columns of C that a product keeps in registers. */
export const TILE_ROWS = 5;
export const TILE_COLUMNS = 8;

/** How a product reads its operands: bits of its `mode`. */
export const A_TRANSPOSED = 1;
export const A_WINDOWS = 2;
export const B_PACKED = 4;

/** Rows of C per task at most, a multiple of TILE_ROWS; row offsets of windows are kept in scratch memory. */
export const MOST_TASK_ROWS = 400;
