import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import type { VitConfig } from '../../models/vit/config.ts';
import { readVitConfig } from '../../models/vit/families/index.ts';
import { Vit } from '../../models/vit/model.ts';
import { parametersOf, tensorShapes } from '../../models/vit/parameters.ts';
import { embeddedCheckpoint } from '../../models/weights/files/embedded.ts';
import { readPreprocessing } from '../../models/weights/files/preprocessor.ts';
import { streamCheckpoint } from '../../models/weights/files/streamCheckpoint.ts';
import { parametersFrom } from '../../models/weights/loadParameters.ts';
import { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { noise } from './noise.ts';

/** One weight in main memory, row-major. */
export interface HostTensor {
  shape: number[];
  values: Float32Array<ArrayBuffer>;
}

/** An encoder in main memory, so that every engine is given the same weights. Names are Hugging Face's. */
export interface HostEncoder {
  name: string;
  config: VitConfig;
  preprocess: PreprocessConfig;
  tensors: Map<string, HostTensor>;
}

/** Everything random in the bench is drawn from this seed. */
export const SEED = 20240914;

/** The encoder that is shipped with the page at `baseUrl`. */
export async function embeddedEncoder(baseUrl: string): Promise<HostEncoder> {
  const files = await embeddedCheckpoint(baseUrl);
  const config = readVitConfig(files.config);
  const tensors = new Map<string, HostTensor>();
  for await (const { name, shape, values } of streamCheckpoint(files, parametersOf(config), 'dinov2')) {
    tensors.set(name, { shape, values: values.slice() });
  }
  return { name: 'embedded', config, preprocess: readPreprocessing(files), tensors };
}

/** DINOv2-S/14 with random weights: width 384, 6 heads, a position table of 37×37, 224 px; 12 layers in the original. */
export function randomDinov2S(layers: number): HostEncoder {
  const config = readVitConfig({
    model_type: 'dinov2',
    hidden_size: 384,
    num_hidden_layers: layers,
    num_attention_heads: 6,
    patch_size: 14,
    image_size: 518,
  });
  const random = new Philox(SEED).split('weights');
  const tensors = new Map<string, HostTensor>();
  for (const [name, shape] of tensorShapes(config)) {
    const stream = random.split(name);
    const [low, high] = range(name, shape);
    const size = shape.reduce((product, side) => product * side, 1);
    tensors.set(name, {
      shape,
      values: noise(stream, size, low, high),
    });
  }
  const preprocess = readPreprocessing({ preprocessor: null });
  return { name: 'DINOv2-S/14, random weights', config, preprocess, tensors };
}

/** The same encoder with only its first layers. */
export function firstLayers(encoder: HostEncoder, layers: number): HostEncoder {
  return { ...encoder, config: { ...encoder.config, layers } };
}

/** Put the weights on the GPU. */
export function loadHostEncoder(
  context: Context,
  { config, tensors }: HostEncoder,
): { encoder: Vit; release: () => void } {
  const parameters = parametersFrom(context, parametersOf(config), tensors, 'dinov2');
  const encoder = new Vit(context, config, parameters);
  return {
    encoder,
    release: () => {
      encoder.release();
      parameters.release();
    },
  };
}

/** Normalized pixels as a photo might have them: [images, 3, side, side], uniform in ±2. */
export function randomPixels(images: number, side: number): Float32Array<ArrayBuffer> {
  const random = new Philox(SEED).split('pixels');
  return Float32Array.from({ length: images * 3 * side * side }, () => random.uniform(-2, 2));
}

/** Range that a random weight is uniform in: activations stay near length 1 a channel, every part of a layer matters. */
function range(name: string, shape: readonly number[]): [low: number, high: number] {
  if (/norm\d?\.weight$|layer_scale/.test(name)) return [0.5, 1];
  if (name.endsWith('.weight')) {
    const inputs = shape.slice(1).reduce((product, side) => product * side, 1);
    return [-Math.sqrt(3 / inputs), Math.sqrt(3 / inputs)];
  }
  return [-0.1, 0.1];
}
