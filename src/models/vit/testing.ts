import type { FloatTensor } from '../weights/safetensors/parse.ts';
import type { VitConfig } from './config.ts';
import { readVitConfig } from './families/index.ts';
import { tensorShapes } from './parameters.ts';

/** The config of a DINOv2 of these sizes. */
export function dinov2Config(sizes: {
  width: number;
  layers: number;
  heads: number;
  patch: number;
  imageSize: number;
  mlpRatio?: number;
}): VitConfig {
  return readVitConfig({
    model_type: 'dinov2',
    hidden_size: sizes.width,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    patch_size: sizes.patch,
    image_size: sizes.imageSize,
    mlp_ratio: sizes.mlpRatio ?? 4,
  });
}

/** Tensors of a checkpoint, each with `values` of as many numbers as it takes. */
export function tensorsOf(
  config: VitConfig,
  values: (name: string, size: number) => Float32Array<ArrayBuffer>,
): Map<string, Pick<FloatTensor, 'shape' | 'values'>> {
  return new Map(
    [...tensorShapes(config)].map(([name, shape]) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return [name, { shape, values: values(name, size) }];
    }),
  );
}
