import type * as Jax from '@jax-js/jax';
import type { HostLora } from '../adapter.ts';
import { RANK } from '../adapter.ts';
import type { HostEncoder } from '../encoders.ts';
import { positions, transposed } from '../layout.ts';

type JaxArray = Jax.Array;

/** Frozen weights of a layer as JAX code has them: matrices [in, out]; query, key and value joined. */
export type JaxLayer = Record<
  | 'norm1Weight'
  | 'norm1Bias'
  | 'qkvWeight'
  | 'qkvBias'
  | 'outputWeight'
  | 'outputBias'
  | 'scale1'
  | 'norm2Weight'
  | 'norm2Bias'
  | 'fc1Weight'
  | 'fc1Bias'
  | 'fc2Weight'
  | 'fc2Bias'
  | 'scale2',
  JaxArray
>;

/** All frozen weights; the position table is that of the grid, [1 + N, C]. */
export type JaxWeights = {
  classToken: JaxArray;
  positions: JaxArray;
  patchWeight: JaxArray;
  patchBias: JaxArray;
  normWeight: JaxArray;
  normBias: JaxArray;
  layers: JaxLayer[];
};

/** LoRA of a layer: a [C, r], b [r, 3C]. */
export type JaxLora = { a: JaxArray; b: JaxArray };

/** Put an encoder's weights on jax-js's default device. */
export function jaxWeights({ numpy: np }: typeof Jax, host: HostEncoder): JaxWeights {
  const { config, tensors } = host;
  const width = config.width;
  const values = (name: string) => tensors.get(name)!.values;
  const vector = (name: string) => np.array(values(name));
  const matrix = (parts: readonly Float32Array[], inFeatures: number) => {
    const rows = concat(parts);
    const outFeatures = rows.length / inFeatures;
    return np.array(transposed(rows, outFeatures, inFeatures)).reshape([inFeatures, outFeatures]);
  };
  const parts = (layer: string, kind: string) =>
    ['query', 'key', 'value'].map((part) => values(`${layer}.attention.attention.${part}.${kind}`));
  const grid = host.preprocess.cropWidth / config.patch;
  const projection = 'embeddings.patch_embeddings.projection';
  return {
    classToken: np.array(values('embeddings.cls_token')).reshape([1, 1, width]),
    positions: np.array(positions(host, grid)).reshape([1 + grid * grid, width]),
    patchWeight: matrix([values(`${projection}.weight`)], 3 * config.patch ** 2),
    patchBias: vector(`${projection}.bias`),
    normWeight: vector('layernorm.weight'),
    normBias: vector('layernorm.bias'),
    layers: Array.from({ length: config.layers }, (_, i) => {
      const layer = `encoder.layer.${i}`;
      return {
        norm1Weight: vector(`${layer}.norm1.weight`),
        norm1Bias: vector(`${layer}.norm1.bias`),
        qkvWeight: matrix(parts(layer, 'weight'), width),
        qkvBias: np.array(concat(parts(layer, 'bias'))),
        outputWeight: matrix([values(`${layer}.attention.output.dense.weight`)], width),
        outputBias: vector(`${layer}.attention.output.dense.bias`),
        scale1: vector(`${layer}.layer_scale1.lambda1`),
        norm2Weight: vector(`${layer}.norm2.weight`),
        norm2Bias: vector(`${layer}.norm2.bias`),
        fc1Weight: matrix([values(`${layer}.mlp.fc1.weight`)], width),
        fc1Bias: vector(`${layer}.mlp.fc1.bias`),
        fc2Weight: matrix([values(`${layer}.mlp.fc2.weight`)], config.mlp.hidden),
        fc2Bias: vector(`${layer}.mlp.fc2.bias`),
        scale2: vector(`${layer}.layer_scale2.lambda1`),
      };
    }),
  };
}

/** Put LoRA weights there. */
export function jaxLora({ numpy: np }: typeof Jax, layers: readonly HostLora[], width: number): JaxLora[] {
  return layers.map(({ a, b }) => ({
    a: np.array(transposed(a, RANK, width)).reshape([width, RANK]),
    b: np.array(transposed(b, 3 * width, RANK)).reshape([RANK, 3 * width]),
  }));
}

function concat(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
