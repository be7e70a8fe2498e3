import type { KernelTime } from '../../../../backend/backend.ts';
import { loadEncoder } from '../../../../engine/encoderSlot.ts';
import { embeddedCheckpoint } from '../../../../models/weights/files/embedded.ts';
import { PRESETS } from '../../../../personalize/presets.ts';
import type { TrainingSettings } from '../../../../personalize/settings.ts';
import { Trainer } from '../../../../personalize/trainer/trainer.ts';
import type { Context } from '../../../../tensor/context.ts';
import { profiled } from '../../profiled.ts';
import type { Timing } from '../../report.ts';
import { timeRuns } from '../../timing.ts';
import { samplePool } from '../app/sample.ts';
import { onCpu } from '../openCpu.ts';
import { LONG } from '../timing.ts';

/** A step of the preset Balanced. */
export interface BalancedStepReport extends Timing {
  images: number;
  threads: number;
  /** Time by family of one step. */
  kernels: KernelTime[];
  /** Most bytes in use during the steps. */
  peakBytes: number;
}

/** Balanced with few pictures made beforehand: how many there are to choose from makes no difference to a step. */
const SETTINGS: TrainingSettings = {
  ...PRESETS.balanced,
  views: { mode: 'fixed', anchors: 2, positives: 1, negatives: 1 },
  cutPasteCount: 4,
};
/** Pictures of each kind. */
const PICTURES = 6;

/** Time a step as the app runs it: 24 images, last four layers from the cached prefix, patch term, Adam. */
export function benchBalancedStep(): Promise<BalancedStepReport> {
  return onCpu(undefined, async (context) => {
    const files = await embeddedCheckpoint(new URL('.', location.href).href);
    const loaded = await loadEncoder(context, files, () => {});
    const pool = await samplePool(PICTURES);
    const trainer = new Trainer(context, loaded.encoder, loaded.preprocess, SETTINGS, pool);
    await trainer.prepare({ onStage: () => {}, onPositive: () => {} });
    const report = await timeSteps(context, trainer);
    trainer.release();
    loaded.release();
    return report;
  });
}

async function timeSteps(context: Context, trainer: Trainer): Promise<BalancedStepReport> {
  context.backend.resetPeak();
  const timing = await timeRuns(async () => {
    trainer.runStep();
    await context.finish();
  }, LONG);
  const peakBytes = context.memory.peak;
  const kernels = await profiled(context, () => trainer.runStep());
  const { threads = 1 } = context.backend.traits;
  return { images: 3 * SETTINGS.batch, threads, ...timing, kernels, peakBytes };
}
