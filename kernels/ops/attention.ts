/** Numbers of the attention kernels, and what both sides must agree on. */

export const ATTENTION = 0;
export const ATTENTION_GRADIENT = 1;

/** Queries that are worked on side by side, one to a lane of two vectors. */
export const PANEL_QUERIES = 8;
/** Keys whose scores are kept at a time: those of a panel then stay in the innermost cache. */
export const MOST_KEYS = 384;
/** Queries that the gradients of keys and values are summed over at a time. */
export const GRADIENT_QUERIES = 64;
/** Queries of a forward task at most, times head width: their sums are kept in scratch memory. */
export const MOST_SUMS = 65536;
