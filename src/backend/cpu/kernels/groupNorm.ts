import { NORMALIZATION_FAMILY } from '../../../../kernels/command.ts';
import {
  GROUP_GRADIENT,
  GROUP_GRADIENT_MEANS,
  GROUP_GRADIENT_SUMS,
  GROUP_NORM,
  GROUP_STATISTICS,
  GROUP_SUMS,
} from '../../../../kernels/ops/normalization.ts';
import type { GroupNormKernels, GroupNormShape } from '../../families/normalization.ts';
import type { CpuBackend } from '../backend.ts';
import { sumChunks } from './sumChunks.ts';
import { tasksFor } from './tasks.ts';

const op = (kernel: number): number => NORMALIZATION_FAMILY * 32 + kernel;

/** Numbers of a chunk of pixels that sums are first taken over. */
const CHUNK = 32_768;
/** What computing e^x for SiLU costs, in moved numbers. */
const SILU_COST = 4;

function chunksOf({ images, pixels, channels, silu }: GroupNormShape) {
  const chunkPixels = Math.ceil(CHUNK / channels);
  const chunks = Math.ceil(pixels / chunkPixels);
  const numbers = images * pixels * channels;
  return { chunkPixels, chunks, numbers, cost: silu ? SILU_COST : 1 };
}

/** Group normalization on the processor. */
export function groupNormKernels(cpu: CpuBackend): GroupNormKernels {
  return {
    forward(shape, { x, gamma, beta, y, stats }) {
      const { images, pixels, channels, groups, epsilon, silu } = shape;
      const { chunkPixels, chunks, numbers, cost } = chunksOf(shape);
      const most = images * chunks;
      const sums = cpu.alloc(most * 2 * channels * 4, 'groupNorm sums');
      cpu.commands
        .add(op(GROUP_SUMS), tasksFor(cpu, numbers, most), numbers * 4)
        .at(x, sums)
        .ints(images, pixels, channels, chunks, chunkPixels);
      cpu.commands
        .add(op(GROUP_STATISTICS), tasksFor(cpu, most * 2 * channels, images * groups))
        .at(x, sums)
        .ints(images, pixels, channels, chunks, groups)
        .at(stats)
        .floats(epsilon);
      cpu.commands
        .add(op(GROUP_NORM), tasksFor(cpu, numbers * 2 * cost, most), numbers * 4 * cost)
        .at(x, stats)
        .ints(images, pixels, channels, chunks, chunkPixels, groups)
        .at(gamma, beta, y)
        .ints(silu);
      cpu.free(sums);
    },

    backward(shape, { x, stats, gamma, beta, dy, dx, dgamma, dbeta }) {
      const { images, pixels, channels, groups, silu } = shape;
      const { chunkPixels, chunks, numbers, cost } = chunksOf(shape);
      const most = images * chunks;
      const sums = cpu.alloc(most * 2 * channels * 4, 'groupNorm sums');
      const overPixels = (kernel: number) =>
        cpu.commands
          .add(op(kernel), tasksFor(cpu, numbers * 2 * cost, most), numbers * 6 * cost)
          .at(x, stats)
          .ints(images, pixels, channels, chunks, chunkPixels, groups)
          .at(gamma, beta, dy)
          .ints(silu);
      overPixels(GROUP_GRADIENT_SUMS).at(sums);
      if (dx) {
        const means = cpu.alloc(images * groups * 8, 'groupNorm gradient means');
        cpu.commands
          .add(op(GROUP_GRADIENT_MEANS), tasksFor(cpu, most * 2 * channels, images * groups))
          .at(sums, gamma)
          .ints(images, pixels, channels, chunks, groups)
          .at(means);
        overPixels(GROUP_GRADIENT).at(means, dx);
        cpu.free(means);
      }
      sumChunks(cpu, { sums, count: most, columns: channels }, { of: dbeta, ofProducts: dgamma });
      cpu.free(sums);
    },
  };
}
