import type { Tensor } from '../../tensor.ts';

/** What a product reads and writes. */
export interface MatmulOperands {
  a: Tensor;
  /** May be f16, with rows and strides of a multiple of four. */
  b: Tensor;
  c: Tensor;
  /** [N], added to every row. */
  bias?: Tensor;
  /** Laid out like C, added to it; C itself to accumulate in place. */
  addend?: Tensor;
  /** Factor on the product, before bias and addend. */
  alpha: number;
}

/** What the epilogue binds after C, in order, and the switches that say so to the kernel. */
export function bindEpilogue({ c, bias, addend }: Pick<MatmulOperands, 'c' | 'bias' | 'addend'>) {
  const accumulate = addend?.storage === c.storage;
  const separate = accumulate ? undefined : addend;
  return {
    tensors: [bias, separate].filter((tensor) => tensor !== undefined),
    switches: { BIAS: bias !== undefined, ADDEND: separate !== undefined, ACCUMULATE: accumulate },
  };
}
