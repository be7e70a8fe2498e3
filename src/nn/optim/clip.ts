import wgsl from '../../../shaders/optimizer.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../../tensor/context.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { gradientOf, inGroups, type NamedParameters, starts } from './parameters.ts';

/** Gradients a dispatch: one binding each and one for the norm, of the eight every adapter has. */
const GRADIENTS_PER_DISPATCH = 7;
/** Partial sums a dispatch. */
const INVOCATIONS = 1024;

/**
 * Multiply all gradients by min(1, maxNorm / (‖g‖ + 1e-6)), ‖g‖ being the Euclidean norm of all of them together, as
 * PyTorch's `clip_grad_norm_` does. Nothing is read back: the norm goes from kernel to kernel.
 * @returns the norm before clipping, a scalar [1] on the GPU (for a `ScalarLog`)
 * @throws MissingGradientError naming a parameter without a gradient
 */
export function clipGradients(context: Context, parameters: NamedParameters, maxNorm: number): Tensor {
  const gradients = Object.entries(parameters).map(([name, parameter]) => gradientOf(name, parameter));
  const groups = inGroups(gradients, GRADIENTS_PER_DISPATCH);
  return context.scope(() => {
    const partial = context.empty([Math.max(1, groups.length) * INVOCATIONS], 'squared gradients');
    groups.forEach((group, i) => {
      const counts = Object.fromEntries(group.map(({ size }, k) => [`count${k}`, size]));
      context.run(
        { name: 'optimizer', wgsl, part: 'squares', constants: { COUNT: group.length } },
        [partial, ...group],
        { ...counts, invocations: INVOCATIONS, offset: i * INVOCATIONS },
        linearGrid(INVOCATIONS, 64),
        group.reduce((sum, { size }) => sum + 2 * size, 0),
      );
    });
    const norm = context.empty([2], 'gradient norm and factor');
    context.run(
      { name: 'optimizer', wgsl, part: 'clipFactor' },
      [partial, norm],
      { count: groups.length * INVOCATIONS, maxNorm },
      [1, 1, 1],
    );
    for (const group of groups) {
      const fields = starts(group);
      const total = fields[`start${group.length}`]!;
      context.run(
        { name: 'optimizer', wgsl, part: 'scaleGradients', constants: { COUNT: group.length } },
        [norm, ...group],
        fields,
        linearGrid(total, 64),
        total * 4,
      );
    }
    const result = context.empty([1], 'gradient norm');
    context.copy(norm, 0, result, 0, 1);
    return result;
  });
}
