/** Numbers of the kernels that move pixels. */

export const PAD = 0;
export const ENLARGE = 1;
export const SHRINK = 2;
export const ADD_PER_IMAGE = 3;
export const PATCHES = 4;
