import wgsl from '../../../../shaders/gelu.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { GatedKernels } from '../../families/elementwise.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Gated GELU, one invocation per vec4 of the result. */
export function gegluKernels(gpu: WebGpuBackend): GatedKernels {
  type Shape = { rows: number; columns: number };
  const run = (part: 'gatedForward' | 'gatedBackward', { rows, columns }: Shape, buffers: Storage[]) => {
    const width = columns / 4;
    const count = rows * width;
    gpu.run({ name: 'gelu', wgsl, part }, buffers, { count, width }, linearGrid(count, 64), count * 120);
  };
  return {
    forward: (shape, { x, y }) => run('gatedForward', shape, [x, y]),
    backward: (shape, { x, dy, dx }) => run('gatedBackward', shape, [x, dy, dx]),
  };
}
