/** Numbers of the elementwise kernels. */

export const FILL = 0;
export const ADD = 1;
export const SCALE = 2;
export const COMBINE_TERMS = 3;
export const GELU = 4;
export const GELU_GRADIENT = 5;
export const SILU = 6;
export const SILU_GRADIENT = 7;
export const GEGLU = 8;
export const GEGLU_GRADIENT = 9;
export const LAYER_SCALE = 10;
export const PRODUCT_OF_TWO = 11;
export const DROPOUT = 12;
