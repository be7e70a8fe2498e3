import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { attentionVariant, runAttention, runDelta } from './kernels.ts';
import {
  type AttentionLayout,
  type AttentionOptions,
  type AttentionVariant,
  attentionLayout,
} from './layout.ts';

/**
 * Multi-head attention, O = softmax(scale·QKᵀ) V by head, streaming: no score matrix is ever stored.
 * @param q [B, Tq, H·D] as a linear layer gives it (heads side by side; D a multiple of 4 from 8 to 160)
 * @param k [B, Tk, H·D]; Tk may differ from Tq
 * @param v [B, Tk, H·D]
 * @returns [B, Tq, H·D]
 * Saves the log-sum-exp of each row; backward computes the weights P again (Dao et al., arXiv 2205.14135):
 * delta = rowsum(dO∘O), dS = P∘(dO Vᵀ − delta), dQ = scale·dS K, dK = scale·dSᵀ Q, dV = Pᵀ dO.
 */
export function attention(
  context: Context,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions,
): Tensor {
  if (k.columns !== q.columns || v.columns !== q.columns) {
    throw new Error(`attention: q [${q.shape}], k [${k.shape}] and v [${v.shape}] differ in columns`);
  }
  const at = (tensor: Tensor) => ({ tensor, column: 0 });
  const layout = attentionLayout(at(q), at(k), at(v), q.columns, options);
  const variant = options.variant ?? attentionVariant(context);
  const { o, lse } = forward(context, layout, variant);
  context.record('attention', [q, k, v], o, [q, k, v, o, lse], (dO) => {
    const delta = runDelta(context, layout, o, dO);
    const shared = [q, k, v, dO, lse, delta];
    let dq: Tensor | undefined;
    if (q.requiresGrad) {
      dq = context.empty(q.shape, 'attention dq');
      runAttention(context, 'queryGradient', layout, [...shared, dq], variant, false);
    }
    if (!k.requiresGrad && !v.requiresGrad) return [dq, undefined, undefined];
    const dk = context.empty(k.shape, 'attention dk');
    const dv = context.empty(v.shape, 'attention dv');
    runAttention(context, 'keyValueGradient', layout, [...shared, dk, dv], variant, false);
    return [dq, dk, dv];
  });
  return o;
}

/**
 * Self-attention on the output of one fused linear layer, read in place.
 * @param qkv [B, T, 3·H·D]: all heads' queries, then keys, then values
 * @returns [B, T, H·D]
 */
export function attentionFused(context: Context, qkv: Tensor, options: AttentionOptions): Tensor {
  const columns = qkv.columns / 3;
  const part = (index: number) => ({ tensor: qkv, column: index * columns });
  const layout = attentionLayout(part(0), part(1), part(2), columns, options);
  const variant = options.variant ?? attentionVariant(context);
  const { o, lse } = forward(context, layout, variant);
  context.record('attentionFused', [qkv], o, [qkv, o, lse], (dO) => {
    const delta = runDelta(context, layout, o, dO);
    const dqkv = context.empty(qkv.shape, 'attention gradient');
    for (const part of ['queryGradient', 'keyValueGradient'] as const) {
      runAttention(context, part, layout, [qkv, qkv, qkv, dO, lse, delta, dqkv], variant, true);
    }
    return [dqkv];
  });
  return o;
}

function forward(
  context: Context,
  layout: AttentionLayout,
  variant: AttentionVariant,
): { o: Tensor; lse: Tensor } {
  const { batch, heads, queries, width, q, k, v } = layout;
  const o = context.empty([batch, queries, heads * width], 'attention');
  const lse = context.empty([batch, heads, queries], 'attention log-sum-exp');
  runAttention(context, 'forward', layout, [q.tensor, k.tensor, v.tensor, o, lse], variant, false);
  return { o, lse };
}
