import type { Tensor } from '../../tensor.ts';

/** One of q, k, v: a tensor [B, T, ..] and the first of its columns, heads side by side from there. */
export interface AttentionInput {
  tensor: Tensor;
  column: number;
}

/** Sizes and addresses of one attention, as all its kernels take them. */
export interface AttentionLayout {
  batch: number;
  heads: number;
  queries: number;
  keys: number;
  /** Columns of one head, D. */
  width: number;
  scale: number;
  causal: boolean;
  q: AttentionInput;
  k: AttentionInput;
  v: AttentionInput;
}

/**
 * Kernels with tiles in workgroup memory, for GPUs; or without, for software adapters: each invocation by itself, or in quads
 * that share what they load (where the adapter has subgroups).
 */
export type AttentionVariant = 'tiled' | 'alone' | 'quads';

/** Options of attention. */
export interface AttentionOptions {
  heads: number;
  /** Factor on the scores; 1/√D when left out. */
  scale?: number | undefined;
  /** Whether a query sees no later key, as in text encoders; there are then as many keys as queries. */
  causal?: boolean | undefined;
  /** Choose the kernels instead of asking the adapter: for tests. */
  variant?: AttentionVariant | undefined;
}

/**
 * Check shapes and collect sizes.
 * @param columns total of the heads' columns, heads·D
 * @throws Error naming the shape that does not fit
 */
export function attentionLayout(
  q: AttentionInput,
  k: AttentionInput,
  v: AttentionInput,
  columns: number,
  { heads, scale, causal = false }: AttentionOptions,
): AttentionLayout {
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
  return { batch, heads, queries, keys, width, scale: scale ?? width ** -0.5, causal, q, k, v };
}

/** The uniform parameters all attention kernels share; strides and offsets in vec4s. */
export function attentionParams(layout: AttentionLayout): Record<string, number> {
  const { batch, heads, queries, keys, scale, q, k, v } = layout;
  return {
    batch,
    heads,
    queries,
    keys,
    qStride: q.tensor.columns / 4,
    qOffset: q.column / 4,
    kStride: k.tensor.columns / 4,
    kOffset: k.column / 4,
    vStride: v.tensor.columns / 4,
    vOffset: v.column / 4,
    scale,
  };
}
