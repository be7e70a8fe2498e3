import wgsl from '../../../shaders/gelu.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Exact (erf) GELU, elementwise, any shape: y = x Φ(x) (Hendrycks and Gimpel, arXiv 1606.08415, equation 1).
 * dx = dy (Φ(x) + x φ(x)), φ the normal density; recomputed from x.
 */
export function gelu(context: Context, x: Tensor): Tensor {
  const y = context.empty(x.shape, 'gelu');
  run(context, 'forward', [x, y]);
  context.record('gelu', [x], y, [x], (dy) => {
    const dx = context.empty(x.shape, 'gelu gradient');
    run(context, 'backward', [x, dy, dx]);
    return [dx];
  });
  return y;
}

function run(context: Context, part: 'forward' | 'backward', tensors: Tensor[]): void {
  const count = Math.ceil(tensors[0]!.size / 4);
  context.run({ name: 'gelu', wgsl, part }, tensors, { count, width: 0 }, linearGrid(count, 64), count * 120);
}
