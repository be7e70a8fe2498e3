import wgsl from '../../../shaders/silu.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** SiLU, elementwise, any shape: y = x·σ(x). dx = dy·σ(x)(1 + x(1 − σ(x))), recomputed from x. */
export function silu(context: Context, x: Tensor): Tensor {
  const count = Math.ceil(x.size / 4);
  const run = (part: string, tensors: Tensor[]) =>
    context.run({ name: 'silu', wgsl, part }, tensors, { count }, linearGrid(count, 64), count * 40);
  const y = context.empty(x.shape, 'silu');
  run('forward', [x, y]);
  context.record('silu', [x], y, [x], (dy) => {
    const dx = context.empty(x.shape, 'silu gradient');
    run('backward', [x, dy, dx]);
    return [dx];
  });
  return y;
}
