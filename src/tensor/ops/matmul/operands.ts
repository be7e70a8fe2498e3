import type { Tensor } from '../../tensor.ts';

/** What a product reads and writes. */
export interface MatmulOperands {
  a: Tensor;
  b: Tensor;
  c: Tensor;
  /** [N], added to every row. */
  bias?: Tensor;
  /** Shaped and laid out like C, added to it. */
  addend?: Tensor;
  /** Factor on the product, before bias and addend. */
  alpha: number;
}

/** Tensors in binding order, and the switches that say which optional ones are there. */
export function bindOperands({ a, b, c, bias, addend }: MatmulOperands) {
  const tensors = [a, b, c];
  if (bias) tensors.push(bias);
  if (addend) tensors.push(addend);
  return { tensors, switches: { BIAS: bias !== undefined, ADDEND: addend !== undefined } };
}
