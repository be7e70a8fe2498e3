import type * as Jax from '@jax-js/jax';
import type { VitConfig } from '../../../models/vit/config.ts';
import { STEP } from '../familiar.ts';
import type { JaxLayer, JaxLora, JaxWeights } from './weights.ts';

type JaxArray = Jax.Array;

/**
 * The loss of the training step in jax-js's numpy, for `jit` and `valueAndGrad`: DINOv2 with LoRA (scale 1) on the joined
 * query, key and value, class token joined with the mean patch, InfoNCE over all pairs. Every function takes over its
 * arguments, as jax-js asks for; `.ref` is where an array is used once more.
 * @returns a function of LoRA weights, frozen weights and pixels [3·triplets, 3, H, W], anchor, positive, negative, …
 */
export function jaxLoss(jax: typeof Jax, config: VitConfig) {
  const { numpy: np, nn } = jax;
  const { patch: p, width, heads, eps } = config;

  const layerNorm = (x: JaxArray, weight: JaxArray, bias: JaxArray): JaxArray => {
    const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
    const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
    return centred
      .mul(np.reciprocal(np.sqrt(variance.add(eps))))
      .mul(weight)
      .add(bias);
  };
  const linear = (x: JaxArray, weight: JaxArray, bias: JaxArray): JaxArray => np.matmul(x, weight).add(bias);

  const embed = (weights: Omit<JaxWeights, 'layers'>, pixels: JaxArray): JaxArray => {
    const [images, , height, side] = pixels.shape as [number, number, number, number];
    const [rows, columns] = [height / p, side / p];
    const windows = np
      .transpose(pixels.reshape([images, 3, rows, p, columns, p]), [0, 2, 4, 1, 3, 5])
      .reshape([images, rows * columns, 3 * p * p]);
    const patches = linear(windows, weights.patchWeight, weights.patchBias);
    const first = np.broadcastTo(weights.classToken, [images, 1, width]);
    return np.concatenate([first, patches], 1).add(weights.positions);
  };

  const layer = (x: JaxArray, weights: JaxLayer, { a, b }: JaxLora): JaxArray => {
    const [images, tokens] = x.shape as [number, number];
    const normed = layerNorm(x.ref, weights.norm1Weight, weights.norm1Bias);
    const update = np.matmul(np.matmul(normed.ref, a), b);
    const qkv = linear(normed, weights.qkvWeight, weights.qkvBias).add(update);
    const [q, k, v] = np
      .split(qkv, 3, -1)
      .map((part) => part.reshape([images, tokens, heads, width / heads])) as [JaxArray, JaxArray, JaxArray];
    const mixed = nn.dotProductAttention(q, k, v).reshape([images, tokens, width]);
    const attended = x.add(linear(mixed, weights.outputWeight, weights.outputBias).mul(weights.scale1));
    const normed2 = layerNorm(attended.ref, weights.norm2Weight, weights.norm2Bias);
    const hidden = nn.gelu(linear(normed2, weights.fc1Weight, weights.fc1Bias), { approximate: false });
    return attended.add(linear(hidden, weights.fc2Weight, weights.fc2Bias).mul(weights.scale2));
  };

  const unit = (x: JaxArray): JaxArray =>
    x.ref.mul(np.reciprocal(np.sqrt(np.sum(np.square(x), -1, { keepdims: true }))));

  const infoNce = (embeddings: JaxArray): JaxArray => {
    const [images, columns] = embeddings.shape as [number, number];
    const roles = np.split(embeddings.reshape([images / 3, 3, columns]), 3, 1);
    const [q, positive, negative] = roles.map((role) => unit(role.reshape([images / 3, columns]))) as [
      JaxArray,
      JaxArray,
      JaxArray,
    ];
    const products = (others: JaxArray) => np.matmul(q.ref, np.transpose(others)).mul(1 / STEP.temperature);
    const against = nn.logsumexp(products(negative), -1, { keepdims: true });
    const loss = np.mean(nn.softplus(against.sub(products(positive))));
    q.dispose();
    return loss;
  };

  return (lora: JaxLora[], { layers, ...weights }: JaxWeights, pixels: JaxArray): JaxArray => {
    const { normWeight, normBias } = weights;
    let x = embed(weights, pixels);
    layers.forEach((frozen, i) => {
      x = layer(x, frozen, lora[i]!);
    });
    const hidden = layerNorm(x, normWeight, normBias);
    const [images, tokens] = hidden.shape as [number, number];
    const [first, patches] = np.split(hidden, [1], 1) as [JaxArray, JaxArray];
    const mean = np.sum(patches, 1).mul(1 / (tokens - 1));
    return infoNce(np.concatenate([first.reshape([images, width]), mean], -1));
  };
}
