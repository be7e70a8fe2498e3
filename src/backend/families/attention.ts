import type { Storage } from '../backend.ts';

/** Rows [B, T, stride] of which one part's heads lie side by side from `column` on. */
export interface AttentionRows {
  storage: Storage;
  /** Numbers from one row to the next; a multiple of four. */
  stride: number;
  /** First column; a multiple of four. */
  column: number;
}

/** Sizes of one attention. */
export interface AttentionShape {
  batch: number;
  heads: number;
  queries: number;
  keys: number;
  /** Columns of one head, D: a multiple of 4 from 8 to 160. */
  width: number;
  /** Factor on the scores. */
  scale: number;
  /** Whether a query sees no later key; there are then as many keys as queries. */
  causal: boolean;
}

/** What both directions read. */
export interface AttentionInputs {
  q: AttentionRows;
  k: AttentionRows;
  v: AttentionRows;
  /** [B, Tq, H·D], dense. */
  o: Storage;
  /** [B, H, Tq]: log-sum-exp of each row of scores. */
  lse: Storage;
}

/** Streaming attention: no matrix of scores is kept. */
export interface AttentionKernels {
  /** O = softmax(scale·QKᵀ) V and the log-sum-exp of its rows. */
  forward(shape: AttentionShape, operands: AttentionInputs): void;
  /**
   * Gradients from dO [B, Tq, H·D] (dense); only those that are given are computed, dk and dv always together. They may lie
   * in one memory, as q, k and v of a fused layer do.
   */
  backward(
    shape: AttentionShape,
    operands: AttentionInputs & {
      dO: Storage;
      dq?: AttentionRows | undefined;
      dk?: AttentionRows | undefined;
      dv?: AttentionRows | undefined;
    },
  ): void;
}
