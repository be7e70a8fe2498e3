import type { Kernels } from '../../kernels.ts';
import type { WebGpuBackend } from '../backend.ts';

/** All kernels on WebGPU. */
export function webGpuKernels(_gpu: WebGpuBackend): Kernels {
  return {} as Kernels;
}
