import wgsl from '../../../../shaders/optimizer.wgsl?raw';
import type { OptimizerKernels } from '../../families/optimizer.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Gradients a dispatch: one binding each and one for the norm, of the eight every adapter has. */
const GRADIENTS_PER_DISPATCH = 7;
/** Partial sums a dispatch. */
const INVOCATIONS = 1024;

/** Optimizer steps and gradient clipping, several parameters a dispatch. */
export function optimizerKernels(gpu: WebGpuBackend): OptimizerKernels {
  return {
    adam({ decoupled, ...factors }, moments, parameters) {
      const { starts, total } = layout(parameters);
      gpu.run(
        {
          name: 'optimizer',
          wgsl,
          part: 'adam',
          constants: { COUNT: parameters.length, DECOUPLED: decoupled },
        },
        [moments, ...parameters.flatMap(({ values, gradient }) => [values, gradient])],
        { ...starts, ...factors },
        linearGrid(total, 64),
        total * 60,
      );
    },
    clip(maxNorm, gradients, norm) {
      const groups = Array.from({ length: Math.ceil(gradients.length / GRADIENTS_PER_DISPATCH) }, (_, i) =>
        gradients.slice(i * GRADIENTS_PER_DISPATCH, (i + 1) * GRADIENTS_PER_DISPATCH),
      );
      gpu.scratch(Math.max(1, groups.length) * INVOCATIONS * 4, 'squared gradients', (partial) => {
        groups.forEach((group, i) => {
          const counts = Object.fromEntries(group.map(({ size }, k) => [`count${k}`, size]));
          gpu.run(
            { name: 'optimizer', wgsl, part: 'squares', constants: { COUNT: group.length } },
            [partial, ...group.map(({ storage }) => storage)],
            { ...counts, invocations: INVOCATIONS, offset: i * INVOCATIONS },
            linearGrid(INVOCATIONS, 64),
            group.reduce((sum, { size }) => sum + 2 * size, 0),
          );
        });
        gpu.run(
          { name: 'optimizer', wgsl, part: 'clipFactor' },
          [partial, norm],
          { count: groups.length * INVOCATIONS, maxNorm },
          [1, 1, 1],
        );
      });
      for (const group of groups) {
        const { starts, total } = layout(group);
        gpu.run(
          { name: 'optimizer', wgsl, part: 'scaleGradients', constants: { COUNT: group.length } },
          [norm, ...group.map(({ storage }) => storage)],
          starts,
          linearGrid(total, 64),
          total * 4,
        );
      }
    },
  };
}

/** Uniforms `start0` … `startN`: where each tensor begins when all are laid end to end, in vec4s, and their total. */
function layout(tensors: readonly { size: number }[]): { starts: Record<string, number>; total: number } {
  const starts: Record<string, number> = { start0: 0 };
  let total = 0;
  tensors.forEach(({ size }, i) => {
    total += Math.ceil(size / 4);
    starts[`start${i + 1}`] = total;
  });
  return { starts, total };
}
