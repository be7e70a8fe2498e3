import type { PreprocessConfig } from '../images/preprocessConfig.ts';
import { Dinov2 } from '../models/dinov2/model.ts';
import { Dinov2WeightLoader } from '../models/dinov2/weights.ts';
import { readDinov2Config } from '../models/weights/dinov2Config.ts';
import type { CheckpointFiles } from '../models/weights/files/checkpointFiles.ts';
import { readPreprocessing } from '../models/weights/files/preprocessor.ts';
import { streamCheckpoint } from '../models/weights/files/streamCheckpoint.ts';
import type { Context } from '../tensor/context.ts';
import type { EncoderInfo, Progress } from './protocol.ts';

/** An encoder on the GPU with all that is known of it. */
export interface LoadedEncoder {
  encoder: Dinov2;
  preprocess: PreprocessConfig;
  info: EncoderInfo;
  release(): void;
}

/**
 * Stream a checkpoint to the GPU. Nothing else is touched: on any error what was uploaded is released, and whatever
 * encoder was there before stays.
 * @throws SafetensorsError, CheckpointTensorError, Dinov2ConfigError, OutOfMemoryError, and the signal's reason
 */
export async function loadEncoder(
  context: Context,
  files: CheckpointFiles,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<LoadedEncoder> {
  const config = readDinov2Config(files.config);
  const preprocess = readPreprocessing(files);
  const loader = new Dinov2WeightLoader(context, config);
  let parameters = 0;
  try {
    const report = (done: number, total: number) => onProgress({ stage: 'weights', done, total });
    for await (const { name, shape, values } of streamCheckpoint(files, config, {
      signal,
      onProgress: report,
    })) {
      loader.add(name, shape, values);
      parameters += values.length;
    }
    const encoder = new Dinov2(context, config, loader.finish());
    await context.finish();
    const release = () => {
      encoder.release();
      loader.release();
    };
    return { encoder, preprocess, info: describeEncoder(files, encoder, preprocess, parameters), release };
  } catch (error) {
    loader.release();
    throw error;
  }
}

function describeEncoder(
  files: CheckpointFiles,
  { config }: Dinov2,
  preprocess: PreprocessConfig,
  parameters: number,
): EncoderInfo {
  return {
    id: files.id,
    hiddenSize: config.hiddenSize,
    layers: config.numHiddenLayers,
    heads: config.numAttentionHeads,
    patchSize: config.patchSize,
    inputSize: preprocess.cropWidth,
    parameters,
    bytes: files.totalBytes,
    config,
  };
}
