import type { Kernels } from '../../kernels.ts';
import type { WebGpuBackend } from '../backend.ts';
import { attentionKernels } from './attention.ts';
import { groupNormKernels } from './groupNorm.ts';
import { imageKernels } from './images.ts';
import { layerNormKernels } from './layerNorm.ts';
import { matrixKernels } from './matrix.ts';
import { rowKernels } from './rows.ts';
import { softmaxKernels } from './softmax.ts';

/** All kernels on WebGPU. */
export function webGpuKernels(gpu: WebGpuBackend): Kernels {
  return {
    matrix: matrixKernels(gpu),
    attention: attentionKernels(gpu),
    layerNorm: layerNormKernels(gpu),
    groupNorm: groupNormKernels(gpu),
    softmax: softmaxKernels(gpu),
    images: imageKernels(gpu),
    rows: rowKernels(gpu),
  } as Partial<Kernels> as Kernels;
}
