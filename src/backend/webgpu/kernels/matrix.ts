import type { MatrixKernels } from '../../families/matrix.ts';
import type { WebGpuBackend } from '../backend.ts';
import { combine } from '../matmul/combine.ts';
import { gemm } from '../matmul/gemm.ts';
import { rearrange } from '../matmul/rearrange.ts';

/** Matrix products on WebGPU. */
export function matrixKernels(gpu: WebGpuBackend): MatrixKernels {
  return {
    gemm: (problem, operands) => gemm(gpu, problem, operands),
    combine: (shape, partial, epilogue) => combine(gpu, shape, partial, epilogue),
    rearrange: (layout, x, y) => rearrange(gpu, layout, x, y),
  };
}
