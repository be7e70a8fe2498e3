import type { AttentionKernels } from './families/attention.ts';
import type {
  ActivationKernels,
  DropoutKernels,
  ElementwiseKernels,
  GatedKernels,
  LayerScaleKernels,
} from './families/elementwise.ts';
import type { ImageKernels } from './families/images.ts';
import type {
  ContrastiveKernels,
  PatchContrastiveKernels,
  SimilarityKernels,
  WeightedMseKernels,
} from './families/losses.ts';
import type { MatrixKernels } from './families/matrix.ts';
import type {
  GroupNormKernels,
  LayerNormKernels,
  NormalizeKernels,
  SoftmaxKernels,
} from './families/normalization.ts';
import type { OptimizerKernels } from './families/optimizer.ts';
import type { ReduceKernels, RowKernels } from './families/rows.ts';

/**
 * All kernels of a backend, by family. Each takes plain sizes and memory, writes into memory that exists, and only records its
 * work. What a kernel needs beside (scratch memory, partial sums, another layout) is its own business.
 */
export interface Kernels {
  readonly matrix: MatrixKernels;
  readonly attention: AttentionKernels;
  readonly layerNorm: LayerNormKernels;
  readonly groupNorm: GroupNormKernels;
  readonly normalize: NormalizeKernels;
  readonly softmax: SoftmaxKernels;
  readonly elementwise: ElementwiseKernels;
  readonly gelu: ActivationKernels;
  readonly silu: ActivationKernels;
  readonly geglu: GatedKernels;
  readonly layerScale: LayerScaleKernels;
  readonly dropout: DropoutKernels;
  readonly rows: RowKernels;
  readonly reduce: ReduceKernels;
  readonly images: ImageKernels;
  readonly contrastive: ContrastiveKernels;
  readonly patchContrastive: PatchContrastiveKernels;
  readonly weightedMse: WeightedMseKernels;
  readonly similarity: SimilarityKernels;
  readonly optimizer: OptimizerKernels;
}
