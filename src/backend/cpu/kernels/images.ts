import { IMAGES_FAMILY } from '../../../../kernels/command.ts';
import { ADD_PER_IMAGE, ENLARGE, PAD, PATCHES, SHRINK } from '../../../../kernels/ops/images.ts';
import type { ImageKernels } from '../../families/images.ts';
import type { CpuBackend } from '../backend.ts';
import { tasksFor } from './tasks.ts';

/** Moving pixels on the processor. */
export function imageKernels(cpu: CpuBackend): ImageKernels {
  const add = (kernel: number, numbers: number, most: number) =>
    cpu.commands.add(IMAGES_FAMILY * 32 + kernel, tasksFor(cpu, numbers, most), numbers);
  return {
    pad({ images, height, width, channels, outHeight, outWidth, top, left, dilation }, { x, y }) {
      const lines = images * outHeight;
      add(PAD, lines * outWidth * channels, lines)
        .reading(x)
        .at(y)
        .ints(images, height, width, channels, outHeight, outWidth, top, left, dilation);
    },
    enlarge({ images, height, width, channels }, { x, y }) {
      const lines = images * height;
      add(ENLARGE, lines * width * channels * 4, lines)
        .reading(x)
        .at(y)
        .ints(lines, width, channels);
    },
    shrink({ images, height, width, channels }, { dy, dx }) {
      const lines = images * height;
      add(SHRINK, lines * width * channels * 4, lines)
        .reading(dy)
        .at(dx)
        .ints(lines, width, channels);
    },
    addPerImage({ images, pixels, channels }, { x, t, y }) {
      add(ADD_PER_IMAGE, images * pixels * channels, images * pixels)
        .reading(x, t)
        .at(y)
        .ints(images, pixels, channels);
    },
    patches({ images, channels, height, width, side }, { pixels, rows }) {
      const count = images * Math.floor(height / side) * Math.floor(width / side);
      add(PATCHES, count * channels * side * side, count)
        .reading(pixels)
        .at(rows)
        .ints(images, channels, height, width, side);
    },
  };
}
