import * as Comlink from 'comlink';
import { createStore } from 'zustand/vanilla';
import { DREAMBOOTH_PRESETS } from '../../diffusion/dreambooth/presets.ts';
import { type DreamBoothPreset, named } from '../../diffusion/dreambooth/readSettings.ts';
import type {
  DreamBoothCheckpoint,
  DreamBoothEvent,
  DreamBoothPoint,
  DreamBoothSettings,
  MemoryUse,
} from '../../engine/generator/protocol.ts';
import type { RunRecord } from '../../library/types.ts';
import { addClassImage, storedClassImages } from './classImages.ts';
import { fromRecord, toRecord } from './dreamboothRecord.ts';
import { storedSamples, storeSample, type Validation } from './dreamboothSamples.ts';
import { theEngine } from './engine.ts';
import { classImagesChanged } from './generationState.ts';
import { generatorStore } from './generator.ts';
import { storeLora } from './generatorLoras.ts';
import { enginePhotos, libraryStore, refresh, theLibrary } from './library.ts';
import { notePace } from './pace.ts';
import { exportTrainingState, TRAINING_STATE_FILE } from './trainingStateFile.ts';
import { learningStep } from './workload.ts';

/** What the record of a DreamBooth run says of it; each of its LoRAs says the same, with its step. */
export interface StoredSettings {
  kind: 'dreambooth';
  classWord: string;
  generatorId: string;
  settings: DreamBoothSettings;
}

/** A DreamBooth run as the page shows it. */
export interface DreamBoothLive {
  subjectId: string;
  record: RunRecord;
  stored: StoredSettings;
  phase: 'preparing' | 'training' | 'paused' | 'finished' | 'stopped' | 'failed';
  stage: { name: string; done: number; total: number; secondsLeft: number | null } | null;
  points: DreamBoothPoint[];
  validations: Validation[];
  secondsAStep: number;
  secondsLeft: number | null;
  memory: MemoryUse | null;
  note: string | null;
  seconds: number | null;
}

/** State of the learning half of the Generate panel. */
interface DreamBoothState {
  settings: DreamBoothSettings;
  /** The preset they were changed from. */
  base: DreamBoothPreset;
  run: DreamBoothLive | null;
}

/** What learning begins with until the user changes it. */
export const LEARNING_DEFAULTS: Pick<DreamBoothState, 'settings' | 'base'> = {
  ...{ settings: DREAMBOOTH_PRESETS.embedded, base: 'embedded' },
};

export const dreamBoothStore = createStore<DreamBoothState>(() => ({ ...LEARNING_DEFAULTS, run: null }));

/** Put settings in use; with the values of a preset they have its name. */
export function takeSettings(given: DreamBoothSettings): void {
  const settings = named(given);
  const { preset } = settings;
  dreamBoothStore.setState(({ base }) => ({ settings, base: preset === 'custom' ? base : preset }));
}

/** Start from a preset; the seed stays. */
export function choosePreset(preset: DreamBoothPreset): void {
  const { seed } = dreamBoothStore.getState().settings;
  takeSettings({ ...DREAMBOOTH_PRESETS[preset], seed });
}

/** Whether a stored run is a generator's. */
export function isDreamBooth({ settings }: RunRecord): boolean {
  return (settings as Partial<StoredSettings> | null)?.kind === 'dreambooth';
}

/** Whether a run is under way. */
export function isLearning(run: DreamBoothLive | null): run is DreamBoothLive {
  return run !== null && ['preparing', 'training', 'paused'].includes(run.phase);
}

/** Teach the generator the open subject. */
export async function startDreamBooth(): Promise<void> {
  const { current, photos, maskVersion } = libraryStore.getState();
  const { info } = generatorStore.getState();
  if (!current || !info) return;
  const given = dreamBoothStore.getState().settings;
  const masked = photos.some(({ id, role }) => role === 'train' && maskVersion[id] !== undefined);
  const settings = masked ? given : named({ ...given, masked: false, framing: 'photo' });
  const stored: StoredSettings = {
    ...{ kind: 'dreambooth', settings },
    ...{ classWord: current.className, generatorId: info.id },
  };
  const record = await theLibrary().runs.create(current.id, { settings: stored, totalSteps: settings.steps });
  await launch(record, stored);
}

/** Continue a run from its last checkpoint, in this visit or a later one. */
export async function resumeDreamBoothRun(record: RunRecord): Promise<void> {
  const checkpoint = await theLibrary().runs.loadCheckpoint(record);
  await launch(record, record.settings as StoredSettings, checkpoint ? fromRecord(checkpoint) : undefined);
}

export const pauseDreamBooth = () => theEngine().pauseDreamBooth();
export const resumeDreamBooth = () => theEngine().resumeDreamBooth();
export const stopDreamBooth = () => theEngine().stopDreamBooth();

/** Have the engine begin, or go on from a checkpoint. */
export async function launch(
  record: RunRecord,
  stored: StoredSettings,
  checkpoint?: DreamBoothCheckpoint,
): Promise<void> {
  const run: DreamBoothLive = {
    ...{ subjectId: record.subjectId, record, stored, phase: 'preparing', stage: null },
    ...{ points: checkpoint?.history ?? [], validations: [], secondsAStep: 0, secondsLeft: null },
    ...{ memory: null, note: null, seconds: null },
  };
  dreamBoothStore.setState({ run });
  try {
    const { classWord, generatorId, settings } = stored;
    patch(record.id, { validations: await storedSamples(record, checkpoint?.step ?? 0) });
    const classImages = (await storedClassImages(generatorId, classWord)).map(({ latents, seed }) => ({
      latents,
      seed,
    }));
    const photos = await enginePhotos('train');
    const request = { runId: record.id, settings, classWord, photos, classImages };
    await theEngine().startDreamBooth(
      { ...request, ...(checkpoint ? { checkpoint } : {}) },
      Comlink.proxy((event: DreamBoothEvent) => onEvent(record.id, event)),
    );
    await theLibrary().runs.update(record, { status: 'running' });
  } catch (error) {
    const { message } = error as Error;
    patch(record.id, { phase: 'failed', note: message });
    await theLibrary().runs.update(record, { status: 'failed', error: message });
    await refresh();
  }
}

function patch(runId: string, change: Partial<DreamBoothLive>): void {
  dreamBoothStore.setState(({ run }) => (run?.record.id === runId ? { run: { ...run, ...change } } : {}));
}

/** Take in one event of a run. */
function onEvent(runId: string, event: DreamBoothEvent): void {
  const { run } = dreamBoothStore.getState();
  if (run?.record.id !== runId) return;
  patch(runId, changeBy(run, event));
  const { generatorId, classWord, settings } = run.stored;
  if (event.type === 'checkpoint' || event.type === 'finished') {
    notePace({ kind: 'unet', generatorId }, learningStep(settings), run.secondsAStep).catch((error: Error) =>
      patch(runId, { note: `How fast it is could not be stored: ${error.message}` }),
    );
  }
  if (event.type === 'class-image') {
    addClassImage(generatorId, classWord, event.image, event.pixels).then(
      classImagesChanged,
      (error: Error) => patch(runId, { note: `A class image could not be stored: ${error.message}` }),
    );
  } else if (event.type === 'validation') {
    const { step, prompt, seed, pixels } = event;
    storeSample(run.record, { step, prompt, seed, pixels }).catch((error: Error) =>
      patch(runId, { note: `A sample could not be stored: ${error.message}` }),
    );
  } else if (event.type === 'checkpoint') void keepCheckpoint(run, event.checkpoint);
  else if (event.type === 'finished') void keepResult(run, event.checkpoint, 'finished');
  else if (event.type === 'stopped' && event.checkpoint) void keepResult(run, event.checkpoint, 'stopped');
  else if (event.type === 'stopped') void theLibrary().runs.remove(run.record).then(refresh);
  else if (event.type === 'failed') {
    const failed = { status: 'failed', error: event.message } as const;
    void theLibrary().runs.update(run.record, failed).then(refresh);
  }
}

/** What an event changes in what is shown. */
function changeBy(run: DreamBoothLive, event: DreamBoothEvent): Partial<DreamBoothLive> {
  switch (event.type) {
    case 'stage': {
      const { stage: name, done, total, secondsLeft } = event;
      return name === 'training'
        ? { phase: 'training', stage: null }
        : { phase: 'preparing', stage: { name, done, total, secondsLeft } };
    }
    case 'step': {
      const { point, secondsAStep, secondsLeft, memory } = event;
      const points = [...run.points.filter(({ step }) => step < point.step), point];
      return {
        phase: run.phase === 'paused' ? 'paused' : 'training',
        stage: null,
        points,
        secondsAStep,
        secondsLeft,
        memory,
      };
    }
    case 'validation': {
      const { step, prompt, seed, pixels } = event;
      const others = run.validations.filter((other) => other.step !== step);
      return { validations: [...others, { step, prompt, seed, pixels }] };
    }
    case 'paused':
      return { phase: 'paused' };
    case 'resumed':
      return { phase: 'training' };
    case 'recovered':
      return { note: event.reason, points: run.points.filter(({ step }) => step <= event.fromStep) };
    case 'finished':
      return { phase: 'finished', stage: null, secondsLeft: 0, seconds: event.seconds };
    case 'stopped':
      return { phase: 'stopped', stage: null };
    case 'failed':
      return { phase: 'failed', note: event.message };
    default:
      return {};
  }
}

/** A checkpoint is kept twice: to go on from after a reload, and as a LoRA to draw with or to go back to. */
async function keepCheckpoint(run: DreamBoothLive, checkpoint: DreamBoothCheckpoint): Promise<void> {
  try {
    const { step, history } = checkpoint;
    await theLibrary().runs.saveCheckpoint(run.record, toRecord(checkpoint), {
      status: 'running',
      step,
      history,
    });
    await storeStep(run, checkpoint);
  } catch (error) {
    patch(run.record.id, { note: `The checkpoint could not be saved: ${(error as Error).message}` });
  }
}

async function keepResult(
  run: DreamBoothLive,
  checkpoint: DreamBoothCheckpoint,
  status: 'finished' | 'stopped',
): Promise<void> {
  try {
    const { runs } = theLibrary();
    const { step, history } = checkpoint;
    if (status === 'finished') {
      await runs.update(run.record, { status, step, history });
      await runs.dropCheckpoint(run.record);
    } else {
      // A run that was stopped can be gone on with.
      await runs.saveCheckpoint(run.record, toRecord(checkpoint), { status, step, history });
    }
    await storeStep(run, checkpoint);
    await refresh();
  } catch (error) {
    patch(run.record.id, { note: `The LoRA (${status}) could not be stored: ${(error as Error).message}` });
  }
}

function storeStep({ subjectId, stored, record }: DreamBoothLive, checkpoint: DreamBoothCheckpoint) {
  const { adapter, step } = checkpoint;
  const fields = {
    name: `Step ${step}, seed ${stored.settings.seed}`,
    settings: { ...stored, step },
    runId: record.id,
  };
  const state = { [TRAINING_STATE_FILE]: exportTrainingState(checkpoint) };
  return storeLora(subjectId, stored.generatorId, adapter, fields, state);
}
