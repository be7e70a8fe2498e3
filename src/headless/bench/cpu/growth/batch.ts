import { embeddedEncoder } from '../../encoders.ts';
import { runFamiliar } from '../../familiar.ts';
import { encoderCase } from '../../plan.ts';
import { onCpu } from '../openCpu.ts';
import { LONG } from '../timing.ts';

/** A forward pass of many images at once. */
export interface BatchRow {
  images: number;
  bestMs: number;
}

const IMAGES = [1, 4, 16, 64];

/** Time of a forward pass as the batch grows. */
export function benchBatches(): Promise<BatchRow[]> {
  return onCpu(undefined, async (context) => {
    const host = await embeddedEncoder(new URL('.', location.href).href);
    const rows: BatchRow[] = [];
    for (const images of IMAGES) {
      const { row } = await runFamiliar(context, encoderCase(host, 'forward', images, []), LONG);
      rows.push({ images, bestMs: row.bestMs });
    }
    return rows;
  });
}
