import type { Context } from '../../../../tensor/context.ts';
import { attentionFused } from '../../../../tensor/ops/attention/attention.ts';
import { timeRuns } from '../../timing.ts';
import { onCpu } from '../openCpu.ts';

/** Attention over many tokens, forward and backward. */
export interface AttentionGrowthRow {
  tokens: number;
  forwardMs: number;
  bothMs: number;
  /** Most bytes in use beside query, key, value and the output's gradient. */
  peakBytes: number;
}

/** A ViT of 16², 32² and 64² patches. */
const TOKENS = [257, 1025, 4097];
const [HEADS, WIDTH] = [3, 64];

/** Time and memory of the embedded encoder's attention as tokens grow. */
export function benchAttentionGrowth(): Promise<AttentionGrowthRow[]> {
  return onCpu(undefined, async (context) => {
    const rows: AttentionGrowthRow[] = [];
    for (const tokens of TOKENS) rows.push(await measure(context, tokens));
    return rows;
  });
}

async function measure(context: Context, tokens: number): Promise<AttentionGrowthRow> {
  const waves = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.37));
  const columns = HEADS * WIDTH;
  const qkv = context.fromArray(waves(3 * tokens * columns), [1, tokens, 3 * columns]);
  const seed = context.fromArray(waves(tokens * columns), [1, tokens, columns]);
  context.backend.resetPeak();
  const before = context.memory.used;
  const time = async (body: () => void) => {
    const options = { runs: 5, budgetMs: 1500, least: 2 };
    const { bestMs } = await timeRuns(async () => {
      body();
      await context.finish();
    }, options);
    return bestMs;
  };
  const forwardMs = await time(() => attentionFused(context, qkv, { heads: HEADS }).release());
  qkv.requiresGrad = true;
  const bothMs = await time(() => {
    context.backward(() => attentionFused(context, qkv, { heads: HEADS }), seed).release();
    qkv.grad?.release();
    qkv.grad = undefined;
  });
  const peakBytes = context.memory.peak - before;
  qkv.release();
  seed.release();
  return { tokens, forwardMs, bothMs, peakBytes };
}
