import * as Comlink from 'comlink';
import { createStore } from 'zustand/vanilla';
import type {
  PositiveMade,
  TrainingCheckpoint,
  TrainingEvent,
  TrainingPoint,
} from '../../engine/protocol.ts';
import type { RunRecord } from '../../library/types.ts';
import { adapterFit } from '../../models/peft/fit.ts';
import { encoderLabel } from '../../models/weights/encoderId.ts';
import { PRESETS } from '../../personalize/presets.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { trainingMicroBatch } from '../../personalize/trainer/microBatch.ts';
import { storeAdapter } from './adapters.ts';
import { fromRecord, toRecord } from './checkpointRecord.ts';
import { engineStore, theEngine } from './engine.ts';
import {
  enginePhotos,
  generatedPictures,
  isKeptPicture,
  libraryStore,
  refresh,
  theLibrary,
} from './library.ts';
import { negativesAndBackgrounds } from './negatives.ts';
import { notePace } from './pace.ts';
import { teachingWork } from './workload.ts';

/** Positives kept in the gallery. */
const GALLERY = 60;

/** A run as the page shows it. */
export interface LiveRun {
  subjectId: string;
  record: RunRecord;
  settings: TrainingSettings;
  phase: 'starting' | 'preparing' | 'training' | 'paused' | 'finished' | 'stopped' | 'failed';
  stage: { name: string; done: number; total: number } | null;
  points: TrainingPoint[];
  positives: PositiveMade[];
  imagesPerSecond: number;
  secondsLeft: number | null;
  memory: { used: number; peak: number; reserved: number } | null;
  /** What the user should know: recovered, failed. */
  note: string | null;
  seconds: number | null;
}

/** State of the Train panel. */
export interface TrainingState {
  settings: TrainingSettings;
  run: LiveRun | null;
}

/** What is set until the user sets something else. */
export const TEACHING_DEFAULTS: TrainingSettings = PRESETS.balanced;

export const trainingStore = createStore<TrainingState>(() => ({ settings: TEACHING_DEFAULTS, run: null }));

/** Whether a run is under way. */
export function isRunning(run: LiveRun | null): run is LiveRun {
  return run !== null && ['starting', 'preparing', 'training', 'paused'].includes(run.phase);
}

/** Change some settings; the preset's name goes when they are not its own any more. */
export function changeSettings(change: Partial<TrainingSettings>): void {
  trainingStore.setState(({ settings }) => ({
    settings: { ...settings, ...change, preset: change.preset ?? 'custom' },
  }));
}

/** Start a new run on the open subject. */
export async function startTraining(wanted = trainingStore.getState().settings): Promise<void> {
  const { current } = libraryStore.getState();
  if (!current) return;
  const settings = withoutMasks(wanted);
  const record = await theLibrary().runs.create(current.id, { settings, totalSteps: settings.steps });
  await launch(current.id, record, settings);
}

/**
 * Continue a run from its last checkpoint, in this visit or a later one.
 * @throws Error when it taught another encoder than the one in use
 */
export async function resumeRun(record: RunRecord): Promise<void> {
  const stored = await theLibrary().runs.loadCheckpoint(record);
  const checkpoint = stored && fromRecord(stored);
  const taught = checkpoint?.adapter.baseModel;
  const { encoder } = engineStore.getState();
  if (taught && encoder && adapterFit(taught, encoder.id) === 'other')
    throw new Error(`This run taught ${encoderLabel(taught)}. Load that encoder to go on.`);
  await launch(record.subjectId, record, record.settings as TrainingSettings, checkpoint);
}

/** Forget an unfinished run. */
export async function discardRun(record: RunRecord): Promise<void> {
  await theLibrary().runs.remove(record);
  await refresh();
}

/** Pause after the step that is running. */
export const pauseTraining = () => theEngine().pauseTraining();
/** Go on. */
export const resumeTraining = () => theEngine().resumeTraining();
/** One step while paused. */
export const stepTraining = () => theEngine().stepTraining();
/** End the run and keep what it has learned. */
export const stopTraining = () => theEngine().stopTraining();

/** Without any mask there is no Cut/Paste and no patch term: what is left is said in the panel. */
export function withoutMasks(settings: TrainingSettings): TrainingSettings {
  const { photos, maskVersion } = libraryStore.getState();
  const generated = photos.some(isKeptPicture);
  const masked = photos.some(({ id, role }) => role === 'train' && maskVersion[id] !== undefined);
  if (masked) return settings;
  const positives = generated && settings.positives !== 'cutpaste' ? settings.positives : 'real';
  return {
    ...settings,
    positives: positives === 'combined' ? 'generated' : positives,
    ...{ anchorMode: 'real', patchTerm: null },
  };
}

async function launch(
  subjectId: string,
  record: RunRecord,
  settings: TrainingSettings,
  checkpoint?: TrainingCheckpoint,
): Promise<void> {
  const run: LiveRun = {
    subjectId,
    record,
    settings,
    phase: 'starting',
    stage: null,
    points: checkpoint?.history ?? [],
    positives: [],
    imagesPerSecond: 0,
    secondsLeft: null,
    memory: null,
    note: null,
    seconds: null,
  };
  trainingStore.setState({ run });
  try {
    const photos = await enginePhotos('train');
    const pools = await negativesAndBackgrounds(settings.positives);
    const generated = await generatedPictures();
    const request = {
      runId: record.id,
      settings,
      photos,
      generated,
      ...pools,
      ...(checkpoint ? { checkpoint } : {}),
    };
    await theEngine().startTraining(
      request,
      Comlink.proxy((event: TrainingEvent) => onEvent(record.id, event)),
    );
    await theLibrary().runs.update(record, { status: 'running' });
  } catch (error) {
    const { message } = error as Error;
    patch(record.id, { phase: 'failed', note: message });
    await theLibrary().runs.update(record, { status: 'failed', error: message });
  }
}

function patch(runId: string, change: Partial<LiveRun>): void {
  trainingStore.setState(({ run }) => (run?.record.id === runId ? { run: { ...run, ...change } } : {}));
}

/** Take in one event of a run. Exported for its test. */
export function onEvent(runId: string, event: TrainingEvent): void {
  const { run } = trainingStore.getState();
  if (run?.record.id !== runId) return;
  patch(runId, changeBy(run, event));
  if (event.type === 'checkpoint' || event.type === 'finished') {
    noteTeachingPace(run).catch((error: Error) =>
      patch(runId, { note: `How fast it is could not be stored: ${error.message}` }),
    );
  }
  if (event.type === 'checkpoint') void saveCheckpoint(run, event.checkpoint, 'running');
  else if (event.type === 'finished') void keepResult(run, event.checkpoint, 'finished');
  else if (event.type === 'stopped' && event.checkpoint) void keepResult(run, event.checkpoint, 'stopped');
  else if (event.type === 'stopped') void theLibrary().runs.remove(run.record).then(refresh);
  else if (event.type === 'failed') {
    void theLibrary().runs.update(run.record, { status: 'failed', error: event.message });
  }
}

/** What an event changes in what is shown. */
function changeBy(run: LiveRun, event: TrainingEvent): Partial<LiveRun> {
  switch (event.type) {
    case 'stage':
      return {
        phase: 'preparing',
        stage: { name: event.stage, done: event.done, total: event.total },
      };
    case 'positive':
      return { positives: [...run.positives, event.positive].slice(-GALLERY) };
    case 'step': {
      const { point, imagesPerSecond, secondsLeft, memory } = event;
      const points = [...run.points.filter(({ step }) => step < point.step), point];
      const phase = run.phase === 'paused' ? 'paused' : 'training';
      return { phase, stage: null, points, imagesPerSecond, secondsLeft, memory };
    }
    case 'paused':
      return { phase: 'paused' };
    case 'resumed':
      return { phase: 'training', note: null };
    case 'recovered':
      return { note: event.reason, points: run.points.filter(({ step }) => step <= event.fromStep) };
    case 'finished':
      return { phase: 'finished', stage: null, secondsLeft: 0, seconds: event.seconds };
    case 'stopped':
      return { phase: 'stopped', stage: null };
    case 'failed':
      return { phase: 'failed', note: event.message };
    case 'checkpoint':
      return {};
  }
}

/** How fast this adapter teaches, for what is said before the next run. */
async function noteTeachingPace({ settings, imagesPerSecond }: LiveRun): Promise<void> {
  const { status, encoder } = engineStore.getState();
  if (!status || !encoder || imagesPerSecond === 0) return;
  const { config, inputSize: side } = encoder;
  const { batch } = settings;
  const microBatch = trainingMicroBatch(status.compute.traits, config, side, settings);
  // Of a single step it does not matter how many images there are.
  const counts = { real: 1, cutpaste: 0, generated: 0, negative: 1 };
  const { step } = teachingWork({ config, side, settings, counts, microBatch });
  await notePace({ kind: 'encoder' }, step, (3 * batch) / imagesPerSecond);
}

async function saveCheckpoint(
  { record }: LiveRun,
  checkpoint: TrainingCheckpoint,
  status: RunRecord['status'],
): Promise<void> {
  try {
    const change = { status, step: checkpoint.step, history: checkpoint.history };
    await theLibrary().runs.saveCheckpoint(record, toRecord(checkpoint), change);
  } catch (error) {
    patch(record.id, { note: `The checkpoint could not be saved: ${(error as Error).message}` });
  }
}

/** Store the adapter of a run that ended, and its record without the checkpoint, which is in the adapter now. */
async function keepResult(
  run: LiveRun,
  checkpoint: TrainingCheckpoint,
  status: 'finished' | 'stopped',
): Promise<void> {
  const { record, settings, subjectId } = run;
  try {
    await storeAdapter(subjectId, checkpoint.adapter, {
      name: adapterName(settings, checkpoint.step),
      settings,
      runId: record.id,
    });
    const { runs } = theLibrary();
    await runs.update(record, { status, step: checkpoint.step, history: checkpoint.history });
    if (status === 'finished') await runs.dropCheckpoint(record);
    else await saveCheckpoint(run, checkpoint, status);
    await refresh();
  } catch (error) {
    patch(record.id, { note: `The adapter could not be stored: ${(error as Error).message}` });
  }
}

function adapterName({ preset, seed }: TrainingSettings, step: number): string {
  const name = preset[0]!.toUpperCase() + preset.slice(1);
  return `${name}, ${step} steps, seed ${seed}`;
}
