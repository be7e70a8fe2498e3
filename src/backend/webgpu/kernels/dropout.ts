import wgsl from '../../../../shaders/dropout.wgsl?raw';
import type { DropoutKernels } from '../../families/elementwise.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Dropout, one invocation per block of four random words. */
export function dropoutKernels(gpu: WebGpuBackend): DropoutKernels {
  return {
    apply(
      {
        count: numbers,
        threshold,
        seed: [seedLow, seedHigh],
        stream: [streamLow, streamHigh],
        firstBlock,
        scale,
      },
      { x, y },
    ) {
      const count = Math.ceil(numbers / 4);
      gpu.run(
        { name: 'dropout', wgsl },
        [x, y],
        { count, threshold, seedLow, seedHigh, streamLow, streamHigh, firstBlock, scale },
        linearGrid(count, 64),
        count * 300,
      );
    },
  };
}
