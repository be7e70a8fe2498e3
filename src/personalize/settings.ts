import type { AugmentSettings } from './augment/settings.ts';
import type { CutPasteSettings } from './positives/settings.ts';

/** Which linear layers get LoRA; query, key and value share one A, the split form of the paper's fused qkv. */
export type LoraTargets = 'qkv' | 'qkv+output' | 'qkv+output+mlp';

/** Low-rank adaptation: y = Wx + (alpha/rank)·B·A·dropout(x). */
export interface LoraSettings {
  rank: number;
  alpha: number;
  /** Probability of zeroing an input of A during training. */
  dropout: number;
  targets: LoraTargets;
  /** Adapt only the last k layers; `'all'` for every layer. */
  lastLayers: 'all' | number;
}

/** Which contrastive loss of method §1.5. */
export type ContrastiveLoss = 'info-nce' | 'multi-positive' | 'hinge';

/** Optimizer of the adapter; Adam when `weightDecay` is 0, decoupled AdamW otherwise. */
export interface OptimizerSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Largest global gradient norm; null for no clipping (the paper). */
  clipNorm: number | null;
}

/**
 * Where positives come from: augmented photos, the object cut out and pasted elsewhere, images of a personalized
 * generator, or all there are of these, each kind equally often.
 */
export type PositiveSource = 'real' | 'cutpaste' | 'generated' | 'combined';

/** Every setting of a personalization run; saved with the run and with the adapter. */
export interface TrainingSettings {
  preset: PresetName | 'custom';
  /** Seeds views, triplets, LoRA initialization and dropout. */
  seed: number;
  /** Optimizer steps in all. */
  steps: number;
  /** Triplets a step. */
  batch: number;
  /** Triplets encoded at once; smaller saves memory at equal numbers. `'auto'` chooses by adapter and memory. */
  microBatch: 'auto' | number;
  loss: ContrastiveLoss;
  temperature: number;
  /** What the loss compares: class token joined with the mean patch token (the paper's), or the class token alone. */
  embedding: 'cls+mean' | 'cls';
  /** Patch-level contrastive term where masks are known (beyond the paper); null for none. */
  patchTerm: { weight: number; temperature: number } | null;
  lora: LoraSettings;
  optimizer: OptimizerSettings;
  positives: PositiveSource;
  anchorMode: 'real' | 'synthetic' | 'both';
  /** Triplets written down before training, drawn with replacement. */
  triplets: number;
  /**
   * `fixed`: this many views of each photo, positive and negative are made once, so the frozen layers below the first
   * adapted one are computed once. `fresh`: new views every step (the paper).
   */
  views: { mode: 'fresh' } | { mode: 'fixed'; anchors: number; positives: number; negatives: number };
  /** Cut/Paste images made before training. */
  cutPasteCount: number;
  augment: AugmentSettings;
  cutPaste: CutPasteSettings;
  checkpointEvery: number;
}

/** Named presets; see `presets.ts` for what each is for. */
export type PresetName = 'paper' | 'balanced' | 'quick';

/** Whether a run makes Cut/Paste images. */
export function usesCutPaste({ positives, anchorMode }: TrainingSettings): boolean {
  return (
    positives === 'cutpaste' ||
    positives === 'combined' ||
    (anchorMode !== 'real' && positives !== 'generated')
  );
}
