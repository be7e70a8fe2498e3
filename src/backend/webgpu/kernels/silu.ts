import wgsl from '../../../../shaders/silu.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { ActivationKernels } from '../../families/elementwise.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** SiLU, one invocation per vec4. */
export function siluKernels(gpu: WebGpuBackend): ActivationKernels {
  const run = (part: 'forward' | 'backward', numbers: number, buffers: Storage[]) => {
    const count = Math.ceil(numbers / 4);
    gpu.run({ name: 'silu', wgsl, part }, buffers, { count }, linearGrid(count, 64), count * 40);
  };
  return {
    forward: (count, { x, y }) => run('forward', count, [x, y]),
    backward: (count, { x, dy, dx }) => run('backward', count, [x, dy, dx]),
  };
}
