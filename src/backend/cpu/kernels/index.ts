import type { Kernels } from '../../kernels.ts';
import type { CpuBackend } from '../backend.ts';
import { contrastiveKernels } from './contrastive.ts';
import { matrixKernels } from './matrix.ts';
import { optimizerKernels } from './optimizer.ts';
import { patchContrastiveKernels } from './patchContrastive.ts';
import { similarityKernels } from './similarity.ts';
import { weightedMseKernels } from './weightedMse.ts';

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
  'peak',
];

/** Name of the family that an op belongs to, for profiles. */
export function kernelName(op: number): string {
  return FAMILIES[op >> 5] ?? `family ${op >> 5}`;
}

/** All kernels on the processor. */
export function cpuKernels(cpu: CpuBackend): Kernels {
  return {
    matrix: matrixKernels(cpu),
    contrastive: contrastiveKernels(cpu),
    patchContrastive: patchContrastiveKernels(cpu),
    weightedMse: weightedMseKernels(cpu),
    similarity: similarityKernels(cpu),
    optimizer: optimizerKernels(cpu),
  } as Kernels;
}
