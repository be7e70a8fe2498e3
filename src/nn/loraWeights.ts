import type { Philox } from '../random/philox.ts';
import type { Context } from '../tensor/context.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * A low-rank update of a linear layer: ΔW = scale · B·A.
 *
 * With one A, a is [r, in] and b [out, r]. On a fused qkv layer (out = 3·d) the rows of b are the B of query, key and
 * value, one below the other: the paper's LoRA. With an A for each of g parts, a is [g·r, in], and part i of the rows of
 * b goes with part i of the rows of a.
 */
export interface LoraWeights {
  a: Tensor;
  b: Tensor;
  /** alpha / r. */
  scale: number;
}

/** Sizes of the low-rank update of one layer. */
export interface LoraSizes {
  inFeatures: number;
  outFeatures: number;
  rank: number;
  /** Number of A matrices: 1 (shared) when left out, 3 for a fused qkv layer whose parts have their own. */
  groups?: number;
}

/**
 * Trainable A and B as peft starts them: A Kaiming-uniform with a = √5, which is uniform in ±1/√in; B zero, so that the
 * layer starts out unchanged.
 */
export function createLoraWeights(
  context: Context,
  { inFeatures, outFeatures, rank, groups = 1 }: LoraSizes,
  scale: number,
  random: Philox,
): LoraWeights {
  const bound = 1 / Math.sqrt(inFeatures);
  const rows = groups * rank;
  const values = Float32Array.from({ length: rows * inFeatures }, () => random.uniform(-bound, bound));
  const a = context.fromArray(values, [rows, inFeatures], 'lora A');
  const b = context.zeros([outFeatures, rank], 'lora B');
  a.requiresGrad = true;
  b.requiresGrad = true;
  return { a, b, scale };
}
