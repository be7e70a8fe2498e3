import wgsl from '../../../shaders/rows.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** Parts of `shaders/rows.wgsl`. */
type RowsPart = 'copy' | 'place' | 'sum' | 'spread' | 'gather' | 'scatterAdd' | 'prepend';

/**
 * Run a kernel of `shaders/rows.wgsl`.
 * @param lengths its parameters that count floats; divided by four when all allow vec4 loads
 * @param others its other parameters
 * @param outputs floats of the output, one invocation each (or each four)
 * @param work floats read, as the estimate of its cost
 */
export function runRows(
  context: Context,
  part: RowsPart,
  tensors: Tensor[],
  lengths: Record<string, number>,
  others: Record<string, number>,
  outputs: number,
  { work = outputs, constants = {} }: { work?: number; constants?: Record<string, boolean> } = {},
): void {
  const vector = Object.values(lengths).every((length) => length % 4 === 0);
  const unit = vector ? 4 : 1;
  const params = { ...others };
  for (const [name, length] of Object.entries(lengths)) params[name] = length / unit;
  context.run(
    { name: 'rows', wgsl, part, constants: { SCALAR: !vector, ...constants } },
    tensors,
    params,
    linearGrid(Math.ceil(outputs / unit), 64),
    work * 4,
  );
}

/** A strided sum: y[o, c] = scale Σ_t x[offset + o·outerStride + t·stride + c]; all lengths in floats. */
export interface StridedSum {
  outer: number;
  width: number;
  count: number;
  offset: number;
  outerStride: number;
  stride: number;
  scale: number;
}

/** A new tensor of `shape` (outer·width numbers) with a strided sum of x, added in the order of t. Not recorded. */
export function stridedSum(context: Context, x: Tensor, sum: StridedSum, shape: readonly number[]): Tensor {
  const y = context.empty(shape, 'sum');
  const { width, offset, outerStride, stride, ...others } = sum;
  const lengths = { width, offset, outerStride, stride };
  runRows(context, 'sum', [x, y], lengths, others, y.size, { work: y.size * sum.count });
  return y;
}
