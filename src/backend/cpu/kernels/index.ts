import type { Kernels } from '../../kernels.ts';
import type { CpuBackend } from '../backend.ts';
import { attentionKernels } from './attention.ts';
import { groupNormKernels } from './groupNorm.ts';
import { layerNormKernels } from './layerNorm.ts';
import { matrixKernels } from './matrix.ts';
import { normalizeKernels } from './normalize.ts';
import { softmaxKernels } from './softmax.ts';

/** Names of the kernels' families, in the order of `kernels/command.ts`. */
const FAMILIES = [
  'memory',
  'matrix',
  'attention',
  'normalization',
  'elementwise',
  'rows',
  'images',
  'losses',
  'optimizer',
];

/** Name of the family that an op belongs to, for profiles. */
export function kernelName(op: number): string {
  return FAMILIES[op >> 5] ?? `family ${op >> 5}`;
}

/** All kernels on the processor. */
export function cpuKernels(cpu: CpuBackend): Kernels {
  return {
    matrix: matrixKernels(cpu),
    attention: attentionKernels(cpu),
    layerNorm: layerNormKernels(cpu),
    groupNorm: groupNormKernels(cpu),
    normalize: normalizeKernels(cpu),
    softmax: softmaxKernels(cpu),
  } as Kernels;
}
