import wgsl from '../../../../shaders/softmax.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { SoftmaxKernels } from '../../families/normalization.ts';
import type { WebGpuBackend } from '../backend.ts';
import { foldGrid } from '../grid.ts';

/** Rows of a workgroup where each row has one invocation. */
const SERIAL_ROWS = 16;

/** Softmax over rows on WebGPU. */
export function softmaxKernels(gpu: WebGpuBackend): SoftmaxKernels {
  const run = (part: string, buffers: Storage[], rows: number, columns: number): void =>
    gpu.run(
      { name: 'softmax', wgsl, part, constants: { SOFTWARE: gpu.serial } },
      buffers,
      { rows, width: columns },
      foldGrid(Math.ceil(rows / (gpu.serial ? SERIAL_ROWS : 1))),
      rows * columns * 30,
    );
  return {
    forward: ({ rows, columns }, { x, y }) => run('forward', [x, y], rows, columns),
    backward: ({ rows, columns }, { y, dy, dx }) => run('backward', [y, dy, dx], rows, columns),
  };
}
