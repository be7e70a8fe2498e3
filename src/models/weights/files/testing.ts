import type { VitConfig } from '../../vit/config.ts';
import { readVitConfig } from '../../vit/families/index.ts';
import { parametersOf, tensorShapes } from '../../vit/parameters.ts';
import { type TensorToWrite, writeSafetensors } from '../safetensors/write.ts';

/** config.json of a very small model. */
export const TINY_JSON = {
  model_type: 'dinov2',
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  patch_size: 4,
  image_size: 12,
  mlp_ratio: 2,
};

export const TINY_CONFIG: VitConfig = readVitConfig(TINY_JSON);

/** Its parameters. */
export const TINY_PARAMETERS = parametersOf(TINY_CONFIG);

/** All tensors of the very small model, with the mask token; every number differs from its neighbours. */
export function tinyTensors(): Record<string, TensorToWrite> {
  const shapes = tensorShapes(TINY_CONFIG).set('embeddings.mask_token', [1, 8]);
  let next = 0;
  return Object.fromEntries(
    [...shapes].map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { shape, values: Float32Array.from({ length: size }, () => Math.sin(next++)) }];
    }),
  );
}

/** The very small model as one file. */
export function tinyFile(): Uint8Array<ArrayBuffer> {
  return writeSafetensors(tinyTensors(), { format: 'pt' });
}

/** The very small model in two files, and the index that joins them. */
export function tinyShards(): { index: string; shards: Record<string, Uint8Array<ArrayBuffer>> } {
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const weightMap = Object.fromEntries(Object.keys(tinyTensors()).map((name, i) => [name, names[i % 2]!]));
  const shards = names.map((file) => {
    const part = Object.entries(tinyTensors()).filter(([name]) => weightMap[name] === file);
    return [file, writeSafetensors(Object.fromEntries(part))] as const;
  });
  const index = JSON.stringify({ metadata: { total_size: 1 }, weight_map: weightMap });
  return { index, shards: Object.fromEntries(shards) };
}
