/** Kernels of the optimizers' family, shared with `src/backend/cpu/kernels/optimizer.ts`. Their arguments are at the kernels. */

export const ADAM = 0;
export const SQUARES = 1;
export const CLIP_FACTOR = 2;
export const SCALE_GRADIENTS = 3;

/** Numbers of a gradient that are squared and summed in f32 before f64 takes over; a multiple of four. */
export const GRADIENT_CHUNK = 16384;
