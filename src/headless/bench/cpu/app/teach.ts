import * as Comlink from 'comlink';
import type { Engine } from '../../../../engine/client.ts';
import type { TrainingCheckpoint, TrainingEvent, TrainingRequest } from '../../../../engine/protocol.ts';
import { PRESETS } from '../../../../personalize/presets.ts';
import type { PresetName } from '../../../../personalize/settings.ts';
import { withEngine } from './engine.ts';
import { samplePool } from './sample.ts';
import { stageClock } from './stageClock.ts';

/** A run from the button to the adapter. */
export interface TeachReport {
  preset: PresetName;
  steps: number;
  seconds: number;
  /** Seconds of each stage: pictures loaded, positives, views and prefix made, trained. */
  stages: Record<string, number>;
  /** Share of triplets ranked rightly in the last step. */
  rankingAccuracy: number;
}

/** Teach the sample dog with a preset, through the engine's own training run. */
export function benchTeach({ preset }: { preset: PresetName }): Promise<TeachReport> {
  return withEngine(async (engine) => {
    const clock = stageClock();
    const pool = await samplePool();
    const settings = PRESETS[preset];
    const checkpoint = await train(engine, { runId: 'bench', settings, ...pool }, (event) => {
      if (event.type === 'stage') clock.enter(event.stage);
      else if (event.type === 'step') clock.enter('training');
    });
    const { rankingAccuracy } = checkpoint.history.at(-1)!;
    return { preset, steps: checkpoint.step, ...clock.stop(), rankingAccuracy };
  });
}

/** A whole run; resolves with the adapter. */
function train(
  engine: Engine,
  request: TrainingRequest,
  onEvent: (event: TrainingEvent) => void,
): Promise<TrainingCheckpoint> {
  return new Promise((resolve, reject) => {
    const listen = (event: TrainingEvent): void => {
      onEvent(event);
      if (event.type === 'finished') resolve(event.checkpoint);
      else if (event.type === 'failed') reject(new Error(`${event.name}: ${event.message}`));
    };
    engine.startTraining(request, Comlink.proxy(listen)).catch(reject);
  });
}
