import { embeddedEncoder } from '../../encoders.ts';
import { timeStep } from '../../familiar.ts';
import { onCpu } from '../openCpu.ts';

/** A training step of many triplets, one encoded at a time. */
export interface MicroBatchRow {
  images: number;
  bestMs: number;
  /** Most bytes in use beside the weights and the views. */
  peakBytes: number;
}

const TRIPLETS = [1, 4, 16];

/** Time and memory of a training step as its batch grows and the micro-batch stays one triplet. */
export function benchMicroBatches(): Promise<MicroBatchRow[]> {
  return onCpu(undefined, async (context) => {
    const host = await embeddedEncoder(new URL('.', location.href).href);
    const side = host.preprocess.cropWidth;
    const weights = 4 * [...host.tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
    const rows: MicroBatchRow[] = [];
    for (const triplets of TRIPLETS) {
      const images = 3 * triplets;
      context.backend.resetPeak();
      const before = context.memory.used;
      const options = { runs: 2, budgetMs: 2000, least: 1 };
      const { bestMs } = await timeStep(context, host, images, options, { warmUps: 1, microBatch: 1 });
      const views = 4 * images * 3 * side * side;
      rows.push({ images, bestMs, peakBytes: context.memory.peak - before - weights - views });
    }
    return rows;
  });
}
