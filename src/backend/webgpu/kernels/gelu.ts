import wgsl from '../../../../shaders/gelu.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { ActivationKernels } from '../../families/elementwise.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Exact GELU, one invocation per vec4. */
export function geluKernels(gpu: WebGpuBackend): ActivationKernels {
  const run = (part: 'forward' | 'backward', numbers: number, buffers: Storage[]) => {
    const count = Math.ceil(numbers / 4);
    gpu.run({ name: 'gelu', wgsl, part }, buffers, { count, width: 0 }, linearGrid(count, 64), count * 120);
  };
  return {
    forward: (count, { x, y }) => run('forward', count, [x, y]),
    backward: (count, { x, dy, dx }) => run('backward', count, [x, dy, dx]),
  };
}
