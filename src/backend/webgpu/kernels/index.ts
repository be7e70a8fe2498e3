import type { Kernels } from '../../kernels.ts';
import type { WebGpuBackend } from '../backend.ts';
import { attentionKernels } from './attention.ts';
import { contrastiveKernels } from './contrastive.ts';
import { dropoutKernels } from './dropout.ts';
import { elementwiseKernels } from './elementwise.ts';
import { gegluKernels } from './geglu.ts';
import { geluKernels } from './gelu.ts';
import { groupNormKernels } from './groupNorm.ts';
import { imageKernels } from './images.ts';
import { layerNormKernels } from './layerNorm.ts';
import { layerScaleKernels } from './layerScale.ts';
import { matrixKernels } from './matrix.ts';
import { normalizeKernels } from './normalize.ts';
import { optimizerKernels } from './optimizer.ts';
import { patchContrastiveKernels } from './patchContrastive.ts';
import { reduceKernels } from './reduce.ts';
import { rowKernels } from './rows.ts';
import { siluKernels } from './silu.ts';
import { similarityKernels } from './similarity.ts';
import { softmaxKernels } from './softmax.ts';
import { weightedMseKernels } from './weightedMse.ts';

/** All kernels on WebGPU. */
export function webGpuKernels(gpu: WebGpuBackend): Kernels {
  return {
    elementwise: elementwiseKernels(gpu),
    gelu: geluKernels(gpu),
    silu: siluKernels(gpu),
    geglu: gegluKernels(gpu),
    layerScale: layerScaleKernels(gpu),
    dropout: dropoutKernels(gpu),
    rows: rowKernels(gpu),
    reduce: reduceKernels(gpu),
    normalize: normalizeKernels(gpu),
    contrastive: contrastiveKernels(gpu),
    patchContrastive: patchContrastiveKernels(gpu),
    weightedMse: weightedMseKernels(gpu),
    similarity: similarityKernels(gpu),
    optimizer: optimizerKernels(gpu),
    matrix: matrixKernels(gpu),
    attention: attentionKernels(gpu),
    layerNorm: layerNormKernels(gpu),
    groupNorm: groupNormKernels(gpu),
    softmax: softmaxKernels(gpu),
    images: imageKernels(gpu),
  };
}
