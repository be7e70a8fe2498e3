import { readClipTextConfig } from '../../models/clipText/config.ts';
import { ClipText } from '../../models/clipText/model.ts';
import { ClipTextWeightLoader } from '../../models/clipText/weights.ts';
import { streamSafetensors } from '../../models/weights/safetensors/stream.ts';
import type { Context } from '../../tensor/context.ts';
import { type GeneratorFiles, readJson } from './files.ts';
import { GENERATOR_FILES } from './layoutNames.ts';

/** A text encoder on the GPU, through which gradients flow to a token. */
export interface LoadedTextModel {
  model: ClipText;
  release(): void;
}

/** Path of the text encoder's weights in a generator's folder, or undefined: ONNX alone cannot be differentiated. */
export async function textWeightsPath(files: GeneratorFiles): Promise<string | undefined> {
  for (const path of [GENERATOR_FILES.textWeights, GENERATOR_FILES.textWeightsHalf]) {
    if (await files.has(path)) return path;
  }
  return undefined;
}

/**
 * Load the text encoder.
 * @throws GeneratorFileError, ClipTextConfigError, ClipTextTensorError, SafetensorsError
 */
export async function loadTextModel(context: Context, files: GeneratorFiles): Promise<LoadedTextModel> {
  const config = readClipTextConfig(await readJson(files, GENERATOR_FILES.textConfig));
  const path = (await textWeightsPath(files)) ?? GENERATOR_FILES.textWeights;
  const { stream, bytes } = await files.open(path);
  const loader = new ClipTextWeightLoader(context, config);
  try {
    const options = { fileName: path, ...(bytes ? { totalBytes: bytes } : {}) };
    for await (const { name, shape, values } of streamSafetensors(stream, options)) {
      loader.add(name, shape, values);
    }
    return { model: new ClipText(context, config, loader.finish()), release: () => loader.release() };
  } catch (error) {
    loader.release();
    throw error;
  }
}
