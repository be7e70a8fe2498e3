import wgsl from '../../../../shaders/weightedMse.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { WeightedMseKernels } from '../../families/losses.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Weighted mean squared error, one invocation per number. */
export function weightedMseKernels(gpu: WebGpuBackend): WeightedMseKernels {
  type Shape = { count: number; columns: number; factor: number };
  const run = (part: 'squares' | 'gradient', { count, columns, factor }: Shape, buffers: Storage[]) =>
    gpu.run(
      { name: 'weightedMse', wgsl, part },
      buffers,
      { count, columns, factor: factor / count },
      linearGrid(count, 64),
      count * 5,
    );
  return {
    loss(shape, { prediction, target, weights, loss }) {
      const { count } = shape;
      gpu.scratch(count * 4, 'squared errors', (squares) => {
        run('squares', shape, [prediction, target, weights, squares]);
        gpu.kernels.reduce.all({ count, squares: false, factor: 1 }, { x: squares, y: loss });
      });
    },
    gradient(shape, { prediction, target, weights, dy, gradient }) {
      run('gradient', shape, [prediction, target, weights, dy, gradient]);
    },
  };
}
