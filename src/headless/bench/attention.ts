import type { Context } from '../../tensor/context.ts';
import { attentionFused } from '../../tensor/ops/attention/attention.ts';

/** One line of the table: the best of several runs. */
export interface AttentionRow {
  name: string;
  shape: { batch: number; tokens: number; heads: number; width: number };
  ms: number;
  gflops: number;
}

/** Operations for each query, key and column: two products forward; five backward, two of them done again. */
const FORWARD = 4;
const BACKWARD = 14;

/**
 * Time fused self-attention at a ViT's shape, forward and backward, after one run that compiles. Smaller on
 * processors (embedded encoder, two images) than on GPUs (DINOv2-S at 224 px, sixteen).
 */
export async function benchAttention(context: Context, repeats = 5): Promise<AttentionRow[]> {
  const shape = context.backend.traits.onCpu
    ? { batch: 2, tokens: 257, heads: 3, width: 64 }
    : { batch: 16, tokens: 257, heads: 6, width: 64 };
  const { batch, tokens, heads, width } = shape;
  const columns = heads * width;
  const waves = (count: number, step: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * step));
  const qkv = context.fromArray(waves(batch * tokens * columns * 3, 0.37), [batch, tokens, 3 * columns]);
  const seed = context.fromArray(waves(batch * tokens * columns, 0.73), [batch, tokens, columns]);
  const forward = () =>
    context.scope(() => {
      attentionFused(context, qkv, { heads });
      return undefined;
    });
  const both = () => {
    qkv.requiresGrad = true;
    context.backward(() => attentionFused(context, qkv, { heads }), seed).release();
    qkv.grad?.release();
    qkv.grad = undefined;
    qkv.requiresGrad = false;
  };
  const forwardMs = await best(context, forward, repeats);
  const bothMs = await best(context, both, repeats);
  qkv.release();
  seed.release();
  const work = batch * heads * tokens * tokens * width;
  const row = (name: string, ms: number, operations: number): AttentionRow => ({
    name,
    shape,
    ms,
    gflops: (operations * work) / ms / 1e6,
  });
  return [
    row('attention forward', forwardMs, FORWARD),
    row('attention backward', bothMs - forwardMs, BACKWARD),
  ];
}

async function best(context: Context, body: () => void, repeats: number): Promise<number> {
  body();
  await context.finish();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    body();
    await context.finish();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
