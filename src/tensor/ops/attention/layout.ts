import type { AttentionRows, AttentionShape } from '../../../backend/families/attention.ts';
import type { Tensor } from '../../tensor.ts';

/** One of q, k, v: a tensor [B, T, ..] and the first of its columns, heads side by side from there. */
export interface AttentionInput {
  tensor: Tensor;
  column: number;
}

/** Options of attention. */
export interface AttentionOptions {
  heads: number;
  /** Factor on the scores; 1/√D when left out. */
  scale?: number | undefined;
  /** Whether a query sees no later key, as in text encoders; there are then as many keys as queries. */
  causal?: boolean | undefined;
}

/**
 * Check shapes and collect sizes.
 * @param columns total of the heads' columns, heads·D
 * @throws Error naming the shape that does not fit
 */
export function attentionShape(
  q: AttentionInput,
  k: AttentionInput,
  v: AttentionInput,
  columns: number,
  { heads, scale, causal = false }: AttentionOptions,
): AttentionShape {
  const [batch, queries] = q.tensor.shape as [number, number];
  const keys = k.tensor.shape[1]!;
  const width = columns / heads;
  if (!Number.isInteger(width) || width % 4 || width < 8 || width > 160) {
    throw new Error(
      `attention: ${columns} columns over ${heads} heads; a head must have 8 to 160 columns, a multiple of 4`,
    );
  }
  for (const { tensor } of [q, k, v]) {
    if (tensor.shape.length !== 3 || tensor.shape[0] !== batch) {
      throw new Error(
        `attention: [${tensor.shape}] is not [B, T, C] of the same batch as [${q.tensor.shape}]`,
      );
    }
  }
  if (v.tensor.shape[1] !== keys) {
    throw new Error(`attention: keys [${k.tensor.shape}] and values [${v.tensor.shape}] differ in length`);
  }
  if (causal && queries !== keys) {
    throw new Error(`attention: ${queries} queries and ${keys} keys cannot be causal`);
  }
  return { batch, heads, queries, keys, width, scale: scale ?? width ** -0.5, causal };
}

/** Where the heads of an input lie, or of a gradient that is laid out like it. */
export function attentionRows({ tensor, column }: AttentionInput): AttentionRows {
  return { storage: tensor.buffer, stride: tensor.columns, column };
}
