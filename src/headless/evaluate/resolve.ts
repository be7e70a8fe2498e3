import { readDreamBoothSettings } from '../../diffusion/dreambooth/readSettings.ts';
import type { DreamBoothSettings } from '../../diffusion/dreambooth/settings.ts';
import { readSettings } from '../../personalize/readSettings.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import type { EvaluationFile, PlannedCell, Recipe } from './plan.ts';

/**
 * Complete settings of a cell's training.
 * @param masked whether any of its photos has a mask; the patch term needs one
 * @throws SettingsError for unknown fields and values of the wrong type
 */
export function resolvedTraining(
  file: Pick<EvaluationFile, 'preset' | 'training'>,
  positives: Recipe,
  seed: number,
  masked: boolean,
): TrainingSettings {
  const settings = readSettings({ preset: file.preset, ...file.training });
  settings.seed = seed;
  settings.positives = positives.includes('dreambooth') ? 'generated' : (positives as 'real');
  if (!masked) settings.patchTerm = null;
  return settings;
}

/**
 * Complete settings of the DreamBooth that a recipe's images come from.
 * @throws DreamBoothSettingsError
 */
export function resolvedDreamBooth(
  { generation, seeds }: Pick<EvaluationFile, 'generation' | 'seeds'>,
  recipe: Recipe,
): DreamBoothSettings {
  return readDreamBoothSettings({
    ...{ validateEvery: 0, masked: recipe !== 'dreambooth', seed: seeds[0]! },
    ...generation.dreambooth,
  });
}

/** What the pretrained encoder's scores depend on, beside the pictures. */
export function judgingOf({ photos, dense, map, confidence }: EvaluationFile) {
  return { photos, dense, map, confidence };
}

/**
 * Everything of the settings that a cell's numbers depend on, with all that presets say, so that a finished cell does not
 * count for another after a preset has changed. What changes no number (names, checkpoints) is left out.
 */
export function settingsBehind(cell: PlannedCell, masked: boolean) {
  const { file, positives, seed } = cell;
  const {
    preset: _,
    checkpointEvery: __,
    microBatch: ___,
    ...training
  } = resolvedTraining(file, positives, seed, masked);
  const { negatives, classWords, images, triesEach, captions, steps, guidance, sampler, batch } =
    file.generation;
  const draws = positives.includes('dreambooth') || (positives === 'combined' && images > 0);
  const drawing = { steps, guidance, sampler };
  const word = classWords[cell.subject] ?? null;
  return {
    ...judgingOf(file),
    training,
    generation: draws
      ? {
          ...{ ...drawing, images, triesEach, captions, batch, word },
          dreambooth: resolvedDreamBooth(file, positives === 'combined' ? 'masked-dreambooth' : positives),
        }
      : null,
    negatives: negatives > 0 ? { ...drawing, negatives, word } : null,
  };
}
