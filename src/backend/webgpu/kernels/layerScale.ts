import wgsl from '../../../../shaders/layerscale.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { LayerScaleKernels } from '../../families/elementwise.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';
import { itemsOf } from './items.ts';

/** Layer scale, one invocation per item of a row. */
export function layerScaleKernels(gpu: WebGpuBackend): LayerScaleKernels {
  type Shape = { rows: number; columns: number };
  const run = (part: 'scale' | 'product', { rows, columns }: Shape, buffers: Storage[], residual = false) => {
    const { wide, items } = itemsOf(columns);
    const count = rows * items;
    gpu.run(
      { name: 'layerscale', wgsl, part, constants: { SCALAR: !wide, RESIDUAL: residual } },
      buffers,
      { count, width: items },
      linearGrid(count, 64),
      rows * columns * 4,
    );
  };
  return {
    forward(shape, { x, gamma, residual, y }) {
      if (residual) run('scale', shape, [x, gamma, residual, y], true);
      else run('scale', shape, [x, gamma, y]);
    },
    product: (shape, { a, b, y }) => run('product', shape, [a, b, y]),
  };
}
