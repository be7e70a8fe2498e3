/** Numbers of the kernels that move and sum rows, and of the sums. */

export const ROWS_COPY = 0;
export const ROWS_PLACE = 1;
export const ROWS_SUM = 2;
export const ROWS_SPREAD = 3;
export const ROWS_GATHER = 4;
export const ROWS_SCATTER_ADD = 5;
export const ROWS_PREPEND = 6;
export const REDUCE_CHUNKS = 7;
export const REDUCE_FINISH = 8;
export const REDUCE_ROWS = 9;
export const REDUCE_COLUMNS = 10;
export const REDUCE_SPREAD = 11;

/** Numbers that one partial sum of `reduce.all` adds up; the same on every machine, so that the result is too. */
export const SUM_CHUNK = 16384;
/** Rows that one partial sum of `reduce.columns` adds up. */
export const COLUMN_CHUNK = 64;
