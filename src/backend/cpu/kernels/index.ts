import type { Kernels } from '../../kernels.ts';
import type { CpuBackend } from '../backend.ts';
import { matrixKernels } from './matrix.ts';

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
  return { matrix: matrixKernels(cpu) } as Kernels;
}
