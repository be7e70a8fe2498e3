/** Linear layers of a transformer layer that can carry LoRA. */
export type LoraTarget = 'query' | 'key' | 'value' | 'output' | 'fc1' | 'fc2';

/** Low-rank update of one linear layer: ΔW = (alpha/rank)·B·A. */
export interface LoraPair {
  /** [rank, inFeatures], row-major */
  A: Float32Array;
  /** [outFeatures, rank], row-major */
  B: Float32Array;
  inFeatures: number;
  outFeatures: number;
}

/**
 * A trained adapter in plain numbers, as structured clone can carry it: what the trainer hands out, the library keeps and
 * PEFT files hold.
 */
export interface LoraAdapter {
  rank: number;
  alpha: number;
  /** Probability of zeroing an input of A while training; no effect otherwise. */
  dropout: number;
  /** The same in every adapted layer. */
  targets: LoraTarget[];
  /** Indices of the adapted layers, ascending. */
  layers: number[];
  /** Id of the encoder it was trained for: a hub id, `embedded`, or `local:<folder>@<digest>`; see `adapterFit`. */
  baseModel: string;
  /** By module path in Hugging Face's `Dinov2Model`, such as `encoder.layer.0.attention.attention.query`. */
  tensors: Record<string, LoraPair>;
  /** Whether query, key and value of every layer have equal A: LoRA on a fused qkv layer, the paper's. */
  sharedA: boolean;
}
