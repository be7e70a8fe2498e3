import wgsl from '../../../../shaders/images.wgsl?raw';
import patchesWgsl from '../../../../shaders/patchEmbed.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { ImageKernels } from '../../families/images.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Kernels on images on WebGPU. */
export function imageKernels(gpu: WebGpuBackend): ImageKernels {
  /** One invocation for four numbers of the output. */
  const run = (part: string, buffers: Storage[], size: number, params: Record<string, number>): void => {
    const count = size / 4;
    gpu.run({ name: 'images', wgsl, part }, buffers, { count, ...params }, linearGrid(count, 64), count * 16);
  };
  return {
    pad({ images, channels, ...sizes }, { x, y }) {
      const size = images * sizes.outHeight * sizes.outWidth * channels;
      run('pad', [x, y], size, { channels: channels / 4, ...sizes });
    },
    enlarge({ images, height, width, channels }, { x, y }) {
      const size = images * 4 * height * width * channels;
      run('enlarge', [x, y], size, { channels: channels / 4, height, width });
    },
    shrink({ images, height, width, channels }, { dy, dx }) {
      const size = images * height * width * channels;
      run('shrink', [dy, dx], size, { channels: channels / 4, height, width });
    },
    addPerImage({ images, pixels, channels }, { x, t, y }) {
      const perImage = (pixels * channels) / 4;
      run('addPerImage', [x, t, y], images * pixels * channels, { channels: channels / 4, perImage });
    },
    patches({ images, channels, height, width, side }, { pixels, rows }) {
      const patches = images * Math.floor(height / side) * Math.floor(width / side);
      const count = patches * channels * side;
      gpu.run(
        { name: 'patchEmbed', wgsl: patchesWgsl },
        [pixels, rows],
        { count, channels, height, width, side },
        linearGrid(count, 64),
        count * side * 4,
      );
    },
  };
}
