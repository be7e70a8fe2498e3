import type { DreamBoothSettings, SamplingSettings } from '../../engine/generator/protocol.ts';
import type { VitConfig } from '../../models/vit/config.ts';
import { layerFlops, tokensOf } from '../../models/vit/cost.ts';
import type { ImageCounts } from '../../personalize/pool/pools.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { loraLayers } from '../../personalize/trainer/loraTargets.ts';
import { fixedViews } from '../../personalize/trainer/viewBank.ts';

/** Forward and backward over a forward pass: of the frozen weights there is no gradient. */
const TRAINED = 2;

/** Arithmetic of a run of the encoder in GFLOP: that of one step, and of all with the frozen prefix of fixed views. */
export function teachingWork({
  config,
  side,
  settings,
  counts,
  microBatch: atOnce,
}: {
  config: VitConfig;
  /** Side of the views, in pixels. */
  side: number;
  settings: TrainingSettings;
  counts: ImageCounts;
  /** Triplets encoded at once: fewer than a step's are run forward twice. */
  microBatch: number;
}): { step: number; all: number } {
  const layer = layerFlops(config, tokensOf(config, side)) / 1e9;
  const { steps, batch, lora } = settings;
  const adapted = loraLayers(config.layers, lora.lastLayers).length;
  const frozen = config.layers - adapted;
  const views = fixedViews(counts, settings);
  const fresh = views > 0 ? 0 : frozen;
  const again = atOnce < batch ? adapted + fresh : 0;
  const step = 3 * batch * layer * (TRAINED * adapted + fresh + again);
  return { step, all: steps * step + views * frozen * layer };
}

/** Evaluations of one image that a step of DreamBooth is worth. */
export function learningStep({ batch, prior }: Pick<DreamBoothSettings, 'batch' | 'prior'>): number {
  return TRAINED * batch * (prior ? 2 : 1);
}

/** Evaluations of the UNet, of one image each, that a DreamBooth run needs with its samples and class images. */
export function learningWork(settings: DreamBoothSettings, classImages: number): number {
  const { steps, prior, validateEvery, validation } = settings;
  const samples = validateEvery > 0 ? 1 + Math.ceil(steps / validateEvery) : 0;
  const missing = prior ? Math.max(0, prior.images - classImages) : 0;
  return (
    steps * learningStep(settings) +
    samples * pictureWork(validation) +
    (prior ? missing * pictureWork(prior) : 0)
  );
}

/** Evaluations that a picture takes: with guidance twice as many. */
export function pictureWork({ steps, guidance }: Pick<SamplingSettings, 'steps' | 'guidance'>): number {
  return steps * (guidance === 1 ? 1 : 2);
}
