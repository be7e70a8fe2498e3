import type { Kernels } from '../../kernels.ts';
import type { CpuBackend } from '../backend.ts';
import { attentionKernels } from './attention.ts';
import { contrastiveKernels } from './contrastive.ts';
import {
  dropoutKernels,
  elementwiseKernels,
  gegluKernels,
  geluKernels,
  layerScaleKernels,
  siluKernels,
} from './elementwise.ts';
import { groupNormKernels } from './groupNorm.ts';
import { imageKernels } from './images.ts';
import { layerNormKernels } from './layerNorm.ts';
import { matrixKernels } from './matrix.ts';
import { normalizeKernels } from './normalize.ts';
import { optimizerKernels } from './optimizer.ts';
import { patchContrastiveKernels } from './patchContrastive.ts';
import { reduceKernels } from './reduce.ts';
import { rowKernels } from './rows.ts';
import { similarityKernels } from './similarity.ts';
import { softmaxKernels } from './softmax.ts';
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
    elementwise: elementwiseKernels(cpu),
    gelu: geluKernels(cpu),
    silu: siluKernels(cpu),
    geglu: gegluKernels(cpu),
    layerScale: layerScaleKernels(cpu),
    dropout: dropoutKernels(cpu),
    rows: rowKernels(cpu),
    reduce: reduceKernels(cpu),
    images: imageKernels(cpu),
    contrastive: contrastiveKernels(cpu),
    patchContrastive: patchContrastiveKernels(cpu),
    weightedMse: weightedMseKernels(cpu),
    similarity: similarityKernels(cpu),
    optimizer: optimizerKernels(cpu),
    attention: attentionKernels(cpu),
    layerNorm: layerNormKernels(cpu),
    groupNorm: groupNormKernels(cpu),
    normalize: normalizeKernels(cpu),
    softmax: softmaxKernels(cpu),
  };
}
