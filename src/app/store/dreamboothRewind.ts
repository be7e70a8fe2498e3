import { named } from '../../diffusion/dreambooth/readSettings.ts';
import type { DreamBoothSettings } from '../../engine/generator/protocol.ts';
import type { AdapterRecord } from '../../library/types.ts';
import { launch, type StoredSettings } from './dreambooth.ts';
import { toRecord } from './dreamboothRecord.ts';
import { loraStore } from './generatorLoras.ts';
import { refresh, theLibrary } from './library.ts';
import { importTrainingState, TRAINING_STATE_FILE } from './trainingStateFile.ts';

/** What may be changed where learning goes on: everything else has to stay as the run had it. */
export type Onward = Pick<DreamBoothSettings, 'steps' | 'learningRate'>;

/** The step of a stored LoRA that learning can go on from; null for an imported one. */
export function checkpointStep({ settings, files }: AdapterRecord): number | null {
  const { step } = (settings ?? {}) as { step?: number };
  const whole = files.some(({ name }) => name === TRAINING_STATE_FILE);
  return whole && step !== undefined ? step : null;
}

/** Later checkpoints of the run that a LoRA is of, oldest step first: what going on from it takes the place of. */
export function laterCheckpoints(lora: AdapterRecord, adapters: readonly AdapterRecord[]): AdapterRecord[] {
  const step = checkpointStep(lora);
  if (step === null || lora.runId === undefined) return [];
  return adapters
    .filter(({ runId }) => runId === lora.runId)
    .map((adapter) => ({ adapter, at: checkpointStep(adapter) ?? 0 }))
    .filter(({ at }) => at > step)
    .sort((a, b) => a.at - b.at)
    .map(({ adapter }) => adapter);
}

/**
 * Take a run back to the checkpoint of a LoRA and go on learning from there. Its later checkpoints and their samples are
 * deleted; a run that was discarded begins again under a new record.
 * @throws Error when the LoRA is no checkpoint, or has all the steps already
 */
export async function learnOn(lora: AdapterRecord, onward: Onward): Promise<void> {
  const { adapters, runs } = theLibrary();
  const bytes = (await adapters.files(lora))[TRAINING_STATE_FILE];
  if (!bytes) throw new Error(`“${lora.name}” was stored without what learning needs to go on.`);
  const checkpoint = importTrainingState(bytes, lora.name);
  const { step, history } = checkpoint;
  if (step >= onward.steps) throw new Error(`It has all ${step} steps already. Set more to learn on.`);
  const { step: _, ...before } = lora.settings as StoredSettings & { step: number };
  const stored: StoredSettings = { ...before, settings: named({ ...before.settings, ...onward }) };
  const { subjectId, runId = '' } = lora;
  const change = { settings: stored, totalSteps: onward.steps };
  const known = (await runs.get({ subjectId, id: runId })) ?? (await runs.create(subjectId, change));
  // First the run, in one transaction: cut short after it, only what is not needed any more is left.
  const run = await runs.saveCheckpoint(known, toRecord(checkpoint), {
    ...change,
    status: 'stopped',
    history,
  });
  await runs.dropSamplesAfter(run, step);
  for (const later of laterCheckpoints(lora, await adapters.list(subjectId))) await adapters.remove(later);
  loraStore.setState({ chosenId: lora.id });
  await refresh();
  await launch(run, stored, checkpoint);
}
