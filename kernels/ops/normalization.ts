/** Numbers of the normalization kernels. */

export const LAYER_NORM = 0;
export const LAYER_NORM_GRADIENT = 1;
export const GROUP_SUMS = 2;
export const GROUP_STATISTICS = 3;
export const GROUP_NORM = 4;
export const GROUP_GRADIENT_SUMS = 5;
export const GROUP_GRADIENT_MEANS = 6;
export const GROUP_GRADIENT = 7;
export const NORMALIZE = 8;
export const NORMALIZE_GRADIENT = 9;
export const SOFTMAX = 10;
export const SOFTMAX_GRADIENT = 11;
