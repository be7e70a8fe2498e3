import wgsl from '../../../../shaders/normalize.wgsl?raw';
import type { NormalizeKernels } from '../../families/normalization.ts';
import type { WebGpuBackend } from '../backend.ts';
import { foldGrid, linearGrid } from '../grid.ts';
import { itemsOf } from './items.ts';

/** Rows divided by their length: one invocation a row, or one workgroup. */
export function normalizeKernels(gpu: WebGpuBackend): NormalizeKernels {
  const plan = (part: 'forward' | 'backward', rows: number, columns: number) => {
    const { wide, items } = itemsOf(columns);
    const constants = { PARALLEL: !gpu.serial, WIDE: wide };
    return {
      items,
      source: { name: 'normalize', wgsl, part, constants },
      grid: gpu.serial ? linearGrid(rows, 64) : foldGrid(rows),
    };
  };
  return {
    forward({ rows, columns, ...params }, { x, y, norms }) {
      const { items, source, grid } = plan('forward', rows, columns);
      gpu.run(source, [x, y, norms], { rows, items, ...params }, grid, rows * columns * 3);
    },
    backward({ rows, columns, eps }, { y, norms, dy, dx }) {
      const { items, source, grid } = plan('backward', rows, columns);
      gpu.run(source, [y, norms, dy, dx], { rows, items, eps }, grid, rows * columns * 6);
    },
  };
}
