import { PAPER_AUGMENT, STRONG_AUGMENT } from './augment/settings.ts';
import { CUT_PASTE } from './positives/settings.ts';
import type { PresetName, TrainingSettings } from './settings.ts';

/** Optimizer of the paper: Adam, betas (0.5, 0.999), no decay, no clipping. */
const ADAM = { beta1: 0.5, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clipNorm: null };

const paper: TrainingSettings = {
  preset: 'paper',
  seed: 1234,
  steps: 564,
  batch: 16,
  microBatch: 'auto',
  loss: 'info-nce',
  temperature: 0.07,
  embedding: 'cls+mean',
  patchTerm: null,
  lora: { rank: 16, alpha: 0.5, dropout: 0.3, targets: 'qkv', lastLayers: 'all' },
  optimizer: { ...ADAM, learningRate: 3e-4 },
  positives: 'cutpaste',
  anchorMode: 'real',
  triplets: 4500,
  views: { mode: 'fresh' },
  cutPasteCount: 450,
  augment: PAPER_AUGMENT,
  cutPaste: CUT_PASTE,
  checkpointEvery: 50,
};

const balanced: TrainingSettings = {
  ...paper,
  preset: 'balanced',
  steps: 50,
  batch: 8,
  patchTerm: { weight: 1, temperature: 0.1 },
  lora: { rank: 16, alpha: 32, dropout: 0, targets: 'qkv', lastLayers: 4 },
  optimizer: { ...ADAM, learningRate: 1e-3 },
  positives: 'combined',
  triplets: 400,
  views: { mode: 'fixed', anchors: 12, positives: 2, negatives: 1 },
  cutPasteCount: 24,
  augment: STRONG_AUGMENT,
  checkpointEvery: 10,
};

const quick: TrainingSettings = {
  ...balanced,
  preset: 'quick',
  steps: 48,
  batch: 4,
  lora: { ...balanced.lora, lastLayers: 2 },
  triplets: 192,
  views: { mode: 'fixed', anchors: 8, positives: 1, negatives: 1 },
  cutPasteCount: 16,
  checkpointEvery: 8,
};

/**
 * Named recipes.
 * - `paper`: method §1.5 to the letter, with Cut/Paste in the generator's place.
 * - `balanced`: for the embedded encoder, by the measurements in README.md: LoRA scale 2 on the last four layers, patch
 *   term, half Cut/Paste and half strong real crops.
 * - `quick`: the same idea in a size that two cores without a GPU finish in minutes.
 */
export const PRESETS: Record<PresetName, TrainingSettings> = { paper, balanced, quick };
