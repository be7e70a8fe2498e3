import wgsl from '../../../shaders/gelu.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Gated GELU (Shazeer, arXiv 2002.05202) on the output of one linear layer: x [.., 2F] → h·GELU(g) [.., F], h the first half of
 * the columns, g the second; GELU exact. dh = dy·GELU(g), dg = dy·h·GELU′(g), both recomputed from x.
 * @throws Error when F is no multiple of four
 */
export function geglu(context: Context, x: Tensor): Tensor {
  const columns = x.columns / 2;
  if (columns % 4) throw new Error(`geglu: half the columns of [${x.shape}] must be a multiple of four`);
  const y = context.empty([...x.shape.slice(0, -1), columns], 'geglu');
  const params = { count: y.size / 4, width: columns / 4 };
  const run = (part: string, tensors: Tensor[]) =>
    context.run(
      { name: 'gelu', wgsl, part },
      tensors,
      params,
      linearGrid(params.count, 64),
      params.count * 120,
    );
  run('gatedForward', [x, y]);
  context.record('geglu', [x], y, [x], (dy) => {
    const dx = context.empty(x.shape, 'geglu gradient');
    run('gatedBackward', [x, dy, dx]);
    return [dx];
  });
  return y;
}
