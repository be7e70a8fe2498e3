import type { HostEncoder } from '../encoders.ts';
import { positions, transposed } from '../layout.ts';
import { MICROSOFT, OnnxGraph } from './graph.ts';

/** Name of the model's input. */
const INPUT = 'pixel_values';

/**
 * How attention is written: `standard` in ONNX's own operators, as exports have it; `fused` as onnxruntime's
 * MultiHeadAttention, its fastest.
 */
export type AttentionForm = 'standard' | 'fused';

/** An ONNX model of the encoder for [images, 3, side, side] in f32, with the position table brought to its grid. */
export function dinov2Onnx(host: HostEncoder, images: number, form: AttentionForm): Uint8Array<ArrayBuffer> {
  const { config, tensors } = host;
  const { width, heads, patch } = config;
  const side = host.preprocess.cropWidth;
  const grid = side / patch;
  const tokens = 1 + grid * grid;
  const graph = new OnnxGraph();

  const values = (name: string) => tensors.get(name)!.values;
  const vector = (name: string) => graph.constant([values(name).length], values(name));
  const linear = (x: string, name: string): string => {
    const [outFeatures, inFeatures] = tensors.get(`${name}.weight`)!.shape as [number, number];
    const weight = transposed(values(`${name}.weight`), outFeatures, inFeatures);
    const product = graph.node('MatMul', [x, graph.constant([inFeatures, outFeatures], weight)]);
    return tensors.has(`${name}.bias`) ? graph.node('Add', [product, vector(`${name}.bias`)]) : product;
  };
  const layerNorm = (x: string, name: string): string =>
    graph.node('LayerNormalization', [x, vector(`${name}.weight`), vector(`${name}.bias`)], {
      axis: 2,
      epsilon: { float: config.eps },
    });
  const splitHeads = (x: string, perm: readonly number[]): string => {
    const shape = graph.integers([images, tokens, heads, width / heads]);
    return graph.node('Transpose', [graph.node('Reshape', [x, shape])], { perm });
  };
  const attention = (q: string, k: string, v: string): string => {
    if (form === 'fused') return graph.node('MultiHeadAttention', [q, k, v], { num_heads: heads }, MICROSOFT);
    const products = graph.node('MatMul', [splitHeads(q, [0, 2, 1, 3]), splitHeads(k, [0, 2, 3, 1])]);
    const sharpness = graph.constant([1], Float32Array.of(1 / Math.sqrt(width / heads)));
    const shares = graph.node('Softmax', [graph.node('Mul', [products, sharpness])], { axis: 3 });
    const mixed = graph.node('MatMul', [shares, splitHeads(v, [0, 2, 1, 3])]);
    const together = graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return graph.node('Reshape', [together, graph.integers([images, tokens, width])]);
  };
  const addScaled = (x: string, y: string, name: string): string =>
    graph.node('Add', [x, graph.node('Mul', [y, vector(name)])]);

  const projection = 'embeddings.patch_embeddings.projection';
  const patches = graph.node(
    'Conv',
    [
      INPUT,
      graph.constant([width, 3, patch, patch], values(`${projection}.weight`)),
      vector(`${projection}.bias`),
    ],
    { kernel_shape: [patch, patch], strides: [patch, patch] },
  );
  const flat = graph.node('Reshape', [patches, graph.integers([images, width, tokens - 1])]);
  const rows = graph.node('Transpose', [flat], { perm: [0, 2, 1] });
  const classToken = repeated(values('embeddings.cls_token'), images);
  const all = graph.node('Concat', [graph.constant([images, 1, width], classToken), rows], { axis: 1 });
  let x = graph.node('Add', [all, graph.constant([1, tokens, width], positions(host, grid))]);
  for (let i = 0; i < config.layers; i++) {
    const layer = `encoder.layer.${i}`;
    const normed = layerNorm(x, `${layer}.norm1`);
    const [q, k, v] = ['query', 'key', 'value'].map((part) =>
      linear(normed, `${layer}.attention.attention.${part}`),
    ) as [string, string, string];
    const attended = linear(attention(q, k, v), `${layer}.attention.output.dense`);
    x = addScaled(x, attended, `${layer}.layer_scale1.lambda1`);
    const hidden = graph.node('Gelu', [linear(layerNorm(x, `${layer}.norm2`), `${layer}.mlp.fc1`)]);
    x = addScaled(x, linear(hidden, `${layer}.mlp.fc2`), `${layer}.layer_scale2.lambda1`);
  }
  return graph.finish(
    { name: INPUT, shape: [images, 3, side, side] },
    { name: layerNorm(x, 'layernorm'), shape: [images, tokens, width] },
  );
}

function repeated(values: Float32Array, times: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: values.length * times }, (_, i) => values[i % values.length]!);
}
