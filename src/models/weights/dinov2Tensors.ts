import type { Dinov2Config } from './dinov2Config.ts';
import { isFloatDtype } from './safetensors/dtypes.ts';
import type { SafetensorsHeader } from './safetensors/header.ts';

/** A checkpoint that lacks a tensor of its model, or has it in another shape. */
export class CheckpointTensorError extends Error {
  override readonly name = 'CheckpointTensorError';
  constructor(
    readonly tensor: string,
    fileName: string,
    problem: string,
  ) {
    super(
      `${fileName}: tensor "${tensor}" ${problem}. The weights and config.json must come from the same DINOv2 checkpoint.`,
    );
  }
}

/** In the checkpoint of a pretraining run; no encoder needs it. */
const OPTIONAL_TENSOR = 'embeddings.mask_token';

/** Checkpoints of a model with a head on top name the encoder's tensors so. */
const PREFIX = 'dinov2.';

/** Name of a tensor in `Dinov2Model`, from its name in a checkpoint of it or of a model with a head on top. */
export function dinov2TensorName(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}

/** Name and shape of every tensor of a `Dinov2Model`, without the mask token. */
export function expectedTensors(config: Dinov2Config): Map<string, number[]> {
  const { hiddenSize: width, patchSize, imageSize, numChannels } = config;
  const hidden = width * config.mlpRatio;
  const gridSide = Math.floor(imageSize / patchSize);
  const shapes = new Map<string, number[]>();
  const linear = (name: string, outFeatures: number, inFeatures: number, bias = true): void => {
    shapes.set(`${name}.weight`, [outFeatures, inFeatures]);
    if (bias) shapes.set(`${name}.bias`, [outFeatures]);
  };
  const layerNorm = (name: string): void => {
    shapes.set(`${name}.weight`, [width]);
    shapes.set(`${name}.bias`, [width]);
  };
  shapes.set('embeddings.cls_token', [1, 1, width]);
  shapes.set('embeddings.position_embeddings', [1, 1 + gridSide * gridSide, width]);
  shapes.set('embeddings.patch_embeddings.projection.weight', [width, numChannels, patchSize, patchSize]);
  shapes.set('embeddings.patch_embeddings.projection.bias', [width]);
  for (let i = 0; i < config.numHiddenLayers; i++) {
    const layer = `encoder.layer.${i}`;
    layerNorm(`${layer}.norm1`);
    for (const part of ['query', 'key', 'value']) {
      linear(`${layer}.attention.attention.${part}`, width, width, config.qkvBias);
    }
    linear(`${layer}.attention.output.dense`, width, width);
    shapes.set(`${layer}.layer_scale1.lambda1`, [width]);
    layerNorm(`${layer}.norm2`);
    linear(`${layer}.mlp.fc1`, hidden, width);
    linear(`${layer}.mlp.fc2`, width, hidden);
    shapes.set(`${layer}.layer_scale2.lambda1`, [width]);
  }
  layerNorm('layernorm');
  return shapes;
}

/** One file of a checkpoint, by name, with its header. */
export interface CheckpointHeader {
  fileName: string;
  header: Pick<SafetensorsHeader, 'tensors'>;
}

/**
 * Check that a checkpoint, of one file or several, has every tensor of the model in its shape. Tensors that the model
 * does not have, such as a head's, are no error.
 * @throws CheckpointTensorError naming the first tensor that is missing or mis-shaped, with both shapes
 */
export function checkTensors(files: readonly CheckpointHeader[], config: Dinov2Config): void {
  const present = new Map(
    files.flatMap(({ fileName, header }) =>
      header.tensors.map((tensor) => [dinov2TensorName(tensor.name), { ...tensor, fileName }] as const),
    ),
  );
  const expected = expectedTensors(config);
  if (present.has(OPTIONAL_TENSOR)) expected.set(OPTIONAL_TENSOR, [1, config.hiddenSize]);
  for (const [name, shape] of expected) {
    const found = present.get(name);
    if (!found) {
      const names = files.map(({ fileName }) => fileName).join(', ');
      throw new CheckpointTensorError(name, names, `is missing; config.json asks for it as ${text(shape)}`);
    }
    if (text(found.shape) !== text(shape)) {
      const problem = `is ${text(found.shape)}; config.json asks for ${text(shape)}`;
      throw new CheckpointTensorError(found.name, found.fileName, problem);
    }
    if (!isFloatDtype(found.dtype)) {
      const problem = `has dtype ${found.dtype}; F32, F16, BF16 or F64 can be read`;
      throw new CheckpointTensorError(found.name, found.fileName, problem);
    }
  }
}

function text(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
