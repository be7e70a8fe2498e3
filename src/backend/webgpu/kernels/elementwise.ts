import wgsl from '../../../../shaders/elementwise.wgsl?raw';
import combination from '../../../../shaders/linearCombination.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { ElementwiseKernels } from '../../families/elementwise.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Parts of `shaders/elementwise.wgsl`. */
type Part = 'fill' | 'addInPlace' | 'add' | 'scale' | 'scaleBy';

/** Kernels of `shaders/elementwise.wgsl` and `shaders/linearCombination.wgsl`, one invocation per vec4. */
export function elementwiseKernels(gpu: WebGpuBackend): ElementwiseKernels {
  const run = (part: Part, numbers: number, buffers: Storage[], scalar: number) => {
    const count = Math.ceil(numbers / 4);
    gpu.run(
      { name: 'elementwise', wgsl, part },
      buffers,
      { count, scalar },
      linearGrid(count, 64),
      count * 8,
    );
  };
  return {
    fill: (count, y, value) => run('fill', count, [y], value),
    addInPlace: (count, { y, x }, alpha) => run('addInPlace', count, [y, x], alpha),
    add: (count, { a, b, y }, alpha) => run('add', count, [a, b, y], alpha),
    scale: (count, { x, y }, alpha) => run('scale', count, [x, y], alpha),
    scaleBy: (count, { x, scalar, y }) => run('scaleBy', count, [x, scalar, y], 1),
    linearCombination(numbers, terms, y) {
      const count = Math.ceil(numbers / 4);
      const factors = Object.fromEntries(terms.map(([factor], i) => [`factor${i}`, factor]));
      gpu.run(
        { name: 'linearCombination', wgsl: combination, constants: { COUNT: terms.length } },
        [...terms.map(([, x]) => x), y],
        { count, ...factors },
        linearGrid(count, 64),
        count * 8 * terms.length,
      );
    },
  };
}
