import type { ClipText } from '../../models/clipText/model.ts';
import { type OrtBackend, type OrtModel, openOrtModel } from '../../models/ort/runtime.ts';
import { readUNet2DConfig, type UNet2DConfig } from '../../models/unet2d/config.ts';
import { UNet2D } from '../../models/unet2d/model.ts';
import { UNet2DWeightLoader } from '../../models/unet2d/weights.ts';
import { streamSafetensors } from '../../models/weights/safetensors/stream.ts';
import type { Context } from '../../tensor/context.ts';
import { readSchedulerConfig, type SchedulerConfig } from '../schedulers/noiseSchedule.ts';
import { type GeneratorFiles, readBytes, readJson } from './files.ts';
import { GENERATOR_FILES } from './layoutNames.ts';
import { type LoadedTextModel, loadTextModel, textWeightsPath } from './textModel.ts';
import { loadTokenizer, type PromptTokenizer } from './tokenizer.ts';
import { readVaeConfig } from './vae.ts';

/** What is known of a generator. */
export interface GeneratorInfo {
  id: string;
  /** Sides of its images and latents. */
  imageSize: number;
  latentSize: number;
  latentChannels: number;
  parameters: number;
  /** Whether its UNet's weights are f16 on the GPU, as they are in its file. */
  half: boolean;
  /** Whether its folder has the text encoder's weights, through which a token can be learned. */
  learnsToken: boolean;
  /** Ids a prompt takes. */
  promptLength: number;
  /** Its UNet's configuration, which LoRA files are checked against. */
  unet: UNet2DConfig;
}

/** A generator: the UNet on the GPU, the frozen rest in ONNX Runtime. */
export interface Generator {
  info: GeneratorInfo;
  unet: UNet2D;
  scheduler: SchedulerConfig;
  tokenizer: PromptTokenizer;
  textEncoder: OrtModel;
  vaeEncoder: OrtModel;
  vaeDecoder: OrtModel;
  scalingFactor: number;
  /**
   * The text encoder on the GPU, for learning a token or using a learned one; loaded when first asked for.
   * @throws GeneratorFileError where the folder has it as ONNX only
   */
  textModel(): Promise<ClipText>;
  /** What the generator's own captions are made of, if it says so (the embedded one does). */
  captions: unknown;
  release(): void;
}

/** How far loading is. */
export interface GeneratorProgress {
  stage: 'unet' | 'text encoder' | 'image coder';
  done: number;
  total: number;
}

/**
 * Load a generator. Its UNet streams to the GPU; on any error what was uploaded is released.
 * @throws GeneratorFileError, UNet2DConfigError, UNet2DTensorError, SafetensorsError, OrtModelError, the signal's reason
 */
export async function loadGenerator(
  context: Context,
  files: GeneratorFiles,
  onProgress: (progress: GeneratorProgress) => void,
  signal?: AbortSignal,
): Promise<Generator> {
  const config = readUNet2DConfig(await readJson(files, GENERATOR_FILES.unetConfig, signal));
  const scheduler = readSchedulerConfig(await readJson(files, GENERATOR_FILES.schedulerConfig, signal));
  const vae = readVaeConfig(await readJson(files, GENERATOR_FILES.vaeConfig, signal));
  const tokenizer = await loadTokenizer(files);
  const captions = (await files.has(GENERATOR_FILES.captions))
    ? await readJson(files, GENERATOR_FILES.captions, signal)
    : undefined;
  const models: OrtModel[] = [];
  let text: Promise<LoadedTextModel> | undefined;
  let released = false;
  const loader = new UNet2DWeightLoader(context, config);
  const release = () => {
    released = true;
    loader.release();
    // A session of a device that was lost has nothing left to release.
    for (const model of models) model.release().catch(() => {});
    text?.then(
      (loaded) => loaded.release(),
      () => {},
    );
  };
  const textModel = async (): Promise<ClipText> => {
    if (released) throw new Error('The generator was let go.');
    text ??= loadTextModel(context, files).catch((error) => {
      text = undefined;
      throw error;
    });
    return (await text).model;
  };
  try {
    await streamWeights(loader, files, onProgress, signal);
    const unet = new UNet2D(context, config, loader.finish());
    const open = async (
      path: string,
      stage: GeneratorProgress['stage'],
      share: number,
    ): Promise<OrtModel> => {
      onProgress({ stage, done: share, total: 2 });
      const model = await openOrtModel(await readBytes(files, path, signal), path, backendOf(context));
      models.push(model);
      onProgress({ stage, done: share + 1, total: 2 });
      return model;
    };
    const textEncoder = await open(GENERATOR_FILES.textEncoder, 'text encoder', 1);
    const vaeEncoder = await open(GENERATOR_FILES.vaeEncoder, 'image coder', 0);
    const vaeDecoder = await open(GENERATOR_FILES.vaeDecoder, 'image coder', 1);
    const imageSize = config.sampleSize * vae.downsampling;
    const info = {
      ...{ id: files.id, imageSize, latentSize: config.sampleSize, latentChannels: config.inChannels },
      ...{ parameters: loader.size, half: loader.half, promptLength: tokenizer.length, unet: config },
      learnsToken: (await textWeightsPath(files)) !== undefined,
    };
    await context.finish();
    const parts = { textModel, unet, scheduler, tokenizer, textEncoder, vaeEncoder, vaeDecoder };
    return { info, ...parts, scalingFactor: vae.scalingFactor, captions, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** On the device that our tensors are on where it can be shared, else by ONNX Runtime's own CPU kernels. */
function backendOf({ backend: { sharedDevice: device } }: Context): OrtBackend {
  return device ? { kind: 'webgpu', device } : { kind: 'wasm' };
}

async function streamWeights(
  loader: UNet2DWeightLoader,
  files: GeneratorFiles,
  onProgress: (progress: GeneratorProgress) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const full = await files.has(GENERATOR_FILES.unetWeights);
  const path = full ? GENERATOR_FILES.unetWeights : GENERATOR_FILES.unetWeightsHalf;
  const { stream, bytes } = await files.open(path, signal);
  const options = {
    fileName: path,
    ...(bytes ? { totalBytes: bytes } : {}),
    onProgress: (done: number, total: number) => onProgress({ stage: 'unet', done, total }),
  };
  for await (const tensor of streamSafetensors(stream, options)) {
    loader.add(tensor.name, tensor.shape, tensor.halves ?? tensor.values);
  }
}
