import wgsl from '../../../shaders/elementwise.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** Parts of `shaders/elementwise.wgsl`. */
type ElementwisePart = 'fill' | 'addInPlace' | 'add' | 'scale';

/** Run one elementwise kernel over tensors of equal size; `scalar` is its one parameter. */
export function runElementwise(
  context: Context,
  part: ElementwisePart,
  tensors: Tensor[],
  scalar: number,
): void {
  const count = Math.ceil(tensors[0]!.size / 4);
  for (const tensor of tensors) {
    if (tensor.size !== tensors[0]!.size) {
      throw new Error(`${part}: sizes differ: [${tensors[0]!.shape}] and [${tensor.shape}]`);
    }
  }
  context.run(
    { name: 'elementwise', wgsl, part },
    tensors,
    { count, scalar },
    linearGrid(count, 64),
    count * 8,
  );
}
