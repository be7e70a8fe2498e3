import { type PreprocessConfig, readPreprocessorConfig } from '../../../images/preprocessConfig.ts';
import type { CheckpointFiles } from './checkpointFiles.ts';

/** What the DINOv2 checkpoints of the hub come with: shorter side to 256, centre 224, ImageNet statistics. */
const DINOV2_PREPROCESSOR = {
  size: { shortest_edge: 256 },
  crop_size: { height: 224, width: 224 },
  resample: 3,
  rescale_factor: 1 / 255,
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};

/**
 * How a checkpoint wants its photos; DINOv2's own way where it has no preprocessor_config.json.
 * @throws PreprocessConfigError
 */
export function readPreprocessing({ preprocessor }: Pick<CheckpointFiles, 'preprocessor'>): PreprocessConfig {
  return readPreprocessorConfig(preprocessor ?? DINOV2_PREPROCESSOR);
}
