/** Kernels of the losses' family, shared with `src/backend/cpu/kernels/losses.ts`. Their arguments are at the kernels. */

/** total [1] = sum of f64 numbers. */
export const LOSS_TOTAL = 0;
export const CONTRASTIVE_PRODUCTS = 1;
export const CONTRASTIVE_COEFFICIENTS = 2;
export const CONTRASTIVE_GRADIENT = 3;
export const RANKING = 4;
export const PATCH_PLAN = 5;
export const PATCH_ROWS = 6;
export const PATCH_GRADIENT = 7;
export const SQUARED_ERRORS = 8;
export const SQUARED_ERRORS_GRADIENT = 9;
export const SIMILARITY_MAP = 10;

/** Losses over all pairs. */
export const INFO_NCE = 0;
export const MULTI_POSITIVE = 1;
export const HINGE = 2;

/** Rows of the patch term whose products one task computes. */
export const PATCH_TILE = 12;
/** Words of a triplet's plan before its list of tokens; see `kernels/losses/patchPlan.ts`. */
export const PLAN_WORDS = 8;

/** Numbers of a squared error that are summed in f32 at most, before f64 takes over. */
export const ERROR_CHUNK = 16384;
