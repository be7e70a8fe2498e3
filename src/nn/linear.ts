import type { Context } from '../tensor/context.ts';
import { matmul } from '../tensor/ops/matmul/matmul.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * y = x·Wᵀ + b: x [..., in], weight [out, in] (as Hugging Face and PyTorch store it), bias [out] → [..., out].
 * A frozen weight gets no gradient and x is then not kept.
 *
 * No transposed copy of the weight is made here: what layout a product wants is the backend's business.
 * @param addend a tensor shaped like y, added to it (a residual connection) without a pass of its own
 */
export function linear(context: Context, x: Tensor, weight: Tensor, bias?: Tensor, addend?: Tensor): Tensor {
  return matmul(context, x, weight, { transposeB: true, bias, addend });
}
