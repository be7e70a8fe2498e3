import { attention, attentionFused } from '../../tensor/ops/attention/attention.ts';
import { geglu } from '../../tensor/ops/geglu.ts';
import { groupNorm } from '../../tensor/ops/groupNorm.ts';
import { layerNorm } from '../../tensor/ops/layerNorm.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { TransformerSite } from './layout.ts';
import { type ModuleRun, runLinear } from './modules.ts';

/** diffusers' fixed epsilons of the norm before a transformer and of those in its blocks. */
const GROUP_NORM_EPS = 1e-6;
const LAYER_NORM_EPS = 1e-5;

/**
 * Transformer over the pixels of an image, attending to itself and to the text (diffusers' `Transformer2DModel`).
 * @param x [N, H, W, C]
 * @param text [N, T, D]
 * @returns [N, H, W, C]
 */
export function transformer(
  run: ModuleRun,
  { path, heads, layers }: TransformerSite,
  x: Tensor,
  text: Tensor,
): Tensor {
  const { context, weights, config } = run;
  const [images, height, width, channels] = x.shape as [number, number, number, number];
  const asTokens = (tensor: Tensor) => context.reshape(tensor, [images, height * width, channels]);
  return context.scope(() => {
    const normed = groupNorm(
      context,
      x,
      weights.get(`${path}.norm.weight`),
      weights.get(`${path}.norm.bias`),
      {
        groups: config.normGroups,
        epsilon: GROUP_NORM_EPS,
      },
    );
    let tokens = runLinear(run, `${path}.proj_in`, asTokens(normed));
    for (let i = 0; i < layers; i++)
      tokens = block(run, `${path}.transformer_blocks.${i}`, heads, tokens, text);
    const out = runLinear(run, `${path}.proj_out`, tokens, { addend: asTokens(x) });
    return context.reshape(out, x.shape);
  });
}

/** Self-attention, cross-attention and gated feed-forward, each behind a LayerNorm and around a residual. */
function block(run: ModuleRun, path: string, heads: number, x: Tensor, text: Tensor): Tensor {
  const { context, weights } = run;
  const normed = (name: string, input: Tensor): Tensor =>
    layerNorm(
      context,
      input,
      weights.get(`${path}.${name}.weight`),
      weights.get(`${path}.${name}.bias`),
      LAYER_NORM_EPS,
    );
  const withSelf = context.scope(() => {
    const qkv = runLinear(run, `${path}.attn1.to_qkv`, normed('norm1', x), { bias: false });
    return runLinear(run, `${path}.attn1.to_out.0`, attentionFused(context, qkv, { heads }), { addend: x });
  });
  const withText = context.scope(() => {
    const q = runLinear(run, `${path}.attn2.to_q`, normed('norm2', withSelf), { bias: false });
    const k = runLinear(run, `${path}.attn2.to_k`, text, { bias: false });
    const v = runLinear(run, `${path}.attn2.to_v`, text, { bias: false });
    const attended = attention(context, q, k, v, { heads });
    return runLinear(run, `${path}.attn2.to_out.0`, attended, { addend: withSelf });
  });
  return context.scope(() => {
    const gated = geglu(context, runLinear(run, `${path}.ff.net.0.proj`, normed('norm3', withText)));
    return runLinear(run, `${path}.ff.net.2`, gated, { addend: withText });
  });
}
