import type { PreprocessConfig } from '../images/preprocessConfig.ts';
import { familyOf } from '../models/vit/families/index.ts';
import { Vit } from '../models/vit/model.ts';
import { parametersOf } from '../models/vit/parameters.ts';
import { readRunnableConfig } from '../models/vit/runnable.ts';
import type { CheckpointFiles } from '../models/weights/files/checkpointFiles.ts';
import { readPreprocessing } from '../models/weights/files/preprocessor.ts';
import { loadParameters } from '../models/weights/loadParameters.ts';
import type { Context } from '../tensor/context.ts';
import type { EncoderInfo, Progress } from './protocol.ts';

/** An encoder on the GPU with all that is known of it. */
export interface LoadedEncoder {
  encoder: Vit;
  preprocess: PreprocessConfig;
  info: EncoderInfo;
  release(): void;
}

/**
 * Stream a checkpoint to the GPU. Nothing else is touched: on any error what was uploaded is released, and whatever
 * encoder was there before stays.
 * @throws SafetensorsError, CheckpointTensorError, VitConfigError, OutOfMemoryError, and the signal's reason
 */
export async function loadEncoder(
  context: Context,
  files: CheckpointFiles,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<LoadedEncoder> {
  const config = readRunnableConfig(files.config);
  const preprocess = readPreprocessing(files);
  const parameters = await loadParameters(context, parametersOf(config), files, familyOf(config).name, {
    signal,
    onProgress: (done, total) => onProgress({ stage: 'weights', done, total }),
  });
  try {
    const encoder = new Vit(context, config, parameters);
    await context.finish();
    const release = () => {
      encoder.release();
      parameters.release();
    };
    const info = describeEncoder(files, encoder, preprocess, parameters.count);
    return { encoder, preprocess, info, release };
  } catch (error) {
    parameters.release();
    throw error;
  }
}

function describeEncoder(
  files: CheckpointFiles,
  { config }: Vit,
  preprocess: PreprocessConfig,
  parameters: number,
): EncoderInfo {
  return {
    id: files.id,
    hiddenSize: config.width,
    layers: config.layers,
    heads: config.heads,
    patchSize: config.patch,
    inputSize: preprocess.cropWidth,
    parameters,
    bytes: files.totalBytes,
    config,
  };
}
