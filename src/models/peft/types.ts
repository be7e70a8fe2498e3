/** A linear layer of a Dinov2 transformer layer that can carry LoRA. */
export type LoraTarget = 'query' | 'key' | 'value' | 'output' | 'fc1' | 'fc2';

/** The low-rank update of one linear layer: ΔW = (alpha/rank)·B·A. */
export interface LoraPair {
  /** [rank, inFeatures], row-major. */
  A: Float32Array;
  /** [outFeatures, rank], row-major. */
  B: Float32Array;
  inFeatures: number;
  outFeatures: number;
}

/** A LoRA adapter of a `Dinov2Model`: a plain object that structured clone can carry and a library can keep. */
export interface LoraAdapter {
  rank: number;
  alpha: number;
  /** Probability that was used in training; it has no effect on maps. */
  dropout: number;
  /** Adapted linear layers, the same in every adapted layer. */
  targets: LoraTarget[];
  /** Indices of the adapted layers, ascending. */
  layers: number[];
  /** `embedded`, a hub id, or `local:<folder name>`. */
  baseModel: string;
  /** By Hugging Face module path, such as `encoder.layer.0.attention.attention.query`. */
  tensors: Record<string, LoraPair>;
  /** Query, key and value of a layer have one A: the split form of a LoRA on a fused qkv. */
  sharedA: boolean;
}
