import type { AttentionInputs, AttentionShape } from '../../../backend/families/attention.ts';
import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { type AttentionInput, type AttentionOptions, attentionRows, attentionShape } from './layout.ts';

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
  const inputs: Inputs = { q: at(q), k: at(k), v: at(v) };
  const shape = attentionShape(inputs.q, inputs.k, inputs.v, q.columns, options);
  const { o, lse } = forward(context, shape, inputs);
  context.record('attention', [q, k, v], o, [q, k, v, o, lse], (dO) => {
    const gradientOf = (input: Tensor, wanted: boolean, label: string) =>
      wanted ? context.empty(input.shape, label) : undefined;
    const dq = gradientOf(q, q.requiresGrad, 'attention dq');
    // One kernel computes both.
    const both = k.requiresGrad || v.requiresGrad;
    const dk = gradientOf(k, both, 'attention dk');
    const dv = gradientOf(v, both, 'attention dv');
    context.kernels.attention.backward(shape, {
      ...operandsOf(inputs, o, lse),
      dO: dO.buffer,
      ...{
        dq: dq && attentionRows(at(dq)),
        dk: dk && attentionRows(at(dk)),
        dv: dv && attentionRows(at(dv)),
      },
    });
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
  const partsOf = (tensor: Tensor): Inputs => ({
    ...{ q: { tensor, column: 0 }, k: { tensor, column: columns }, v: { tensor, column: 2 * columns } },
  });
  const inputs = partsOf(qkv);
  const shape = attentionShape(inputs.q, inputs.k, inputs.v, columns, options);
  const { o, lse } = forward(context, shape, inputs);
  context.record('attentionFused', [qkv], o, [qkv, o, lse], (dO) => {
    const dqkv = context.empty(qkv.shape, 'attention gradient');
    const { q, k, v } = partsOf(dqkv);
    context.kernels.attention.backward(shape, {
      ...operandsOf(inputs, o, lse),
      dO: dO.buffer,
      ...{ dq: attentionRows(q), dk: attentionRows(k), dv: attentionRows(v) },
    });
    return [dqkv];
  });
  return o;
}

/** Where q, k and v come from. */
interface Inputs {
  q: AttentionInput;
  k: AttentionInput;
  v: AttentionInput;
}

function forward(context: Context, shape: AttentionShape, inputs: Inputs): { o: Tensor; lse: Tensor } {
  const { batch, heads, queries, width } = shape;
  const o = context.empty([batch, queries, heads * width], 'attention');
  const lse = context.empty([batch, heads, queries], 'attention log-sum-exp');
  context.kernels.attention.forward(shape, operandsOf(inputs, o, lse));
  return { o, lse };
}

function operandsOf({ q, k, v }: Inputs, o: Tensor, lse: Tensor): AttentionInputs {
  return {
    ...{ q: attentionRows(q), k: attentionRows(k), v: attentionRows(v) },
    ...{ o: o.buffer, lse: lse.buffer },
  };
}
