import wgsl from '../../../../shaders/layernorm.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { LayerNormKernels, LayerNormShape } from '../../families/normalization.ts';
import type { WebGpuBackend } from '../backend.ts';
import { foldGrid, linearGrid } from '../grid.ts';
import type { Grid } from '../recorder.ts';

/** Chunks of rows that the gradients of gamma and beta are first summed over. */
const MAX_CHUNKS = 64;
/** The fewest rows that pay for a chunk of their own. */
const FEWEST_ROWS = 8;

/** Layer normalization on WebGPU. */
export function layerNormKernels(gpu: WebGpuBackend): LayerNormKernels {
  const run = (
    part: string,
    { rows, columns, epsilon }: LayerNormShape,
    buffers: Storage[],
    grid: Grid,
    chunkRows = 0,
    chunks = 0,
  ): void => {
    const scalar = columns % 4 !== 0;
    gpu.run(
      { name: 'layernorm', wgsl, part, constants: { SCALAR: scalar, SOFTWARE: gpu.serial } },
      buffers,
      { rows, width: scalar ? columns : columns / 4, columns, epsilon, chunkRows, chunks },
      grid,
      rows * columns * 12,
    );
  };
  const byRow = (rows: number): Grid => (gpu.serial ? linearGrid(rows, 16) : foldGrid(rows));
  return {
    forward(shape, { x, gamma, beta, y, stats }) {
      run('forward', shape, [x, gamma, beta, y, stats], byRow(shape.rows));
    },
    backward(shape, { x, gamma, stats, dy, dx, dgamma, dbeta }) {
      const { rows, columns } = shape;
      if (dx) run('inputGradient', shape, [x, gamma, dy, stats, dx], byRow(rows));
      if (!dgamma && !dbeta) return;
      const chunkRows = Math.max(FEWEST_ROWS, Math.ceil(rows / MAX_CHUNKS));
      const chunks = Math.ceil(rows / chunkRows);
      const width = columns % 4 ? columns : columns / 4;
      gpu.scratch(2 * chunks * columns * 4, 'layerNorm partial sums', (sums) => {
        const grid: Grid = [Math.ceil(width / 32), chunks, 1];
        run('parameterGradients', shape, [x, dy, stats, sums], grid, chunkRows, chunks);
        const over = { outer: 1, width: columns, count: chunks, outerStride: 0, stride: columns, scale: 1 };
        const { rows } = gpu.kernels;
        if (dgamma) rows.sum({ ...over, offset: 0 }, { x: sums, y: dgamma });
        if (dbeta) rows.sum({ ...over, offset: chunks * columns }, { x: sums, y: dbeta });
      });
    },
  };
}
