import { beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/client.ts';
import type {
  DreamBoothCheckpoint,
  DreamBoothEvent,
  DreamBoothRequest,
  GeneratorInfo,
} from '../../engine/generator/protocol.ts';
import { type Library, openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import {
  choosePreset,
  dreamBoothStore,
  isDreamBooth,
  resumeDreamBoothRun,
  startDreamBooth,
  takeSettings,
} from './dreambooth.ts';
import { fromRecord, toRecord } from './dreamboothRecord.ts';
import { checkpointStep, laterCheckpoints, learnOn } from './dreamboothRewind.ts';
import { engineStore } from './engine.ts';
import { generatorStore } from './generator.ts';
import { loraStore, storeLora } from './generatorLoras.ts';
import { libraryStore, openSubject } from './library.ts';
import { paceOf } from './pace.ts';
import { computeStatus } from './testing.ts';

const checkpoint: DreamBoothCheckpoint = {
  step: 7,
  adapter: {
    ...{ rank: 2, alpha: 4, targets: ['attention'] },
    modules: {
      'mid_block.attn1.to_q': {
        ...{ A: Float32Array.of(1, 2, 3, 4), B: Float32Array.of(5, 6) },
        ...{ inFeatures: 2, outFeatures: 1, taps: 1 },
      },
    },
  },
  optimizer: { step: 7, first: { x: Float32Array.of(1) }, second: { x: Float32Array.of(2) } },
  history: [{ step: 7, loss: 0.5, gradientNorm: 1 }],
};

describe('a DreamBooth checkpoint', () => {
  it('comes back from the library as it went in', async () => {
    const library = await openLibrary({ store: new MemoryStore() });
    const subject = await library.subjects.create({ name: 'Rex', className: 'dog' });
    const settings = { kind: 'dreambooth' };
    const run = await library.runs.create(subject.id, { settings, totalSteps: 10 });
    expect(isDreamBooth(run)).toBe(true);
    await library.runs.saveCheckpoint(run, toRecord(checkpoint));
    const stored = await library.runs.loadCheckpoint(run);
    expect(fromRecord(stored!)).toEqual(checkpoint);
  });

  it('keeps a learned embedding and its optimizer', () => {
    const moments = { first: { token: Float32Array.of(3) }, second: { token: Float32Array.of(4) } };
    const learned: DreamBoothCheckpoint = {
      ...checkpoint,
      adapter: { ...checkpoint.adapter, token: Float32Array.of(9) },
      tokenOptimizer: { step: 7, ...moments },
    };
    expect(fromRecord(structuredClone(toRecord(learned)))).toEqual(learned);
  });

  it('says which array is missing', () => {
    const record = toRecord(checkpoint);
    delete record.tensors['mid_block.attn1.to_q.B'];
    expect(() => fromRecord(record)).toThrow('mid_block.attn1.to_q.B');
    expect(isDreamBooth({ settings: { steps: 3 } } as never)).toBe(false);
  });
});

describe('the settings', () => {
  it('remember the preset they were changed from', () => {
    const of = () => dreamBoothStore.getState();
    choosePreset('paper');
    takeSettings({ ...of().settings, steps: 7, seed: 5 });
    expect([of().base, of().settings.preset, of().settings.steps]).toEqual(['paper', 'custom', 7]);
    choosePreset('paper');
    expect([of().settings.preset, of().settings.steps, of().settings.seed]).toEqual(['paper', 400, 5]);
    choosePreset('embedded');
    expect([of().base, of().settings.preset]).toEqual(['embedded', 'embedded']);
  });
});

describe('a run that is stopped', () => {
  it('keeps its LoRA and can go on; one that ended cannot', async () => {
    const library = await openLibrary({ store: new MemoryStore() });
    libraryStore.setState({ library });
    const { id } = await library.subjects.create({ name: 'Rex', className: 'dog' });
    await openSubject(id);
    generatorStore.setState({ info: { id: 'embedded' } as GeneratorInfo });
    let emit: (event: DreamBoothEvent) => void = () => {};
    const start = async (_: unknown, onEvent: typeof emit) => {
      emit = onEvent;
    };
    engineStore.setState({ engine: { startDreamBooth: start } as unknown as Engine });
    const runs = () => library.runs.list(id);

    await startDreamBooth();
    emit({ type: 'stopped', checkpoint });
    await expect.poll(async () => (await runs())[0]!.status).toBe('stopped');
    await expect.poll(async () => (await library.adapters.list(id)).length).toBe(1);
    const [stopped] = await runs();
    expect(stopped).toMatchObject({ step: 7, checkpointStep: 7 });

    await resumeDreamBoothRun(stopped!);
    emit({ type: 'finished', checkpoint: { ...checkpoint, step: 9 }, seconds: 1 });
    await expect.poll(async () => (await runs())[0]!.checkpointStep).toBeUndefined();
    expect((await runs())[0]).toMatchObject({ status: 'finished', step: 9 });
  });
});

describe('a run that is taken back to an earlier checkpoint', () => {
  const at = (step: number): DreamBoothCheckpoint => ({
    ...checkpoint,
    step,
    optimizer: { step, first: { x: Float32Array.of(step) }, second: { x: Float32Array.of(step / 2) } },
    history: Array.from({ length: step }, (_, i) => ({ step: i + 1, loss: 1 / (i + 1), gradientNorm: 1 })),
  });
  let library: Library;
  let subjectId: string;
  let requests: DreamBoothRequest[];
  let emit: (event: DreamBoothEvent) => void;
  const loras = () => library.adapters.list(subjectId);
  const stepsOf = async () => (await loras()).map(checkpointStep);
  const theRun = async () => (await library.runs.list(subjectId))[0]!;

  /** A run of nine steps that has ended, with checkpoints of three steps and a sample at each. */
  beforeEach(async () => {
    library = await openLibrary({ store: new MemoryStore() });
    libraryStore.setState({ library });
    subjectId = (await library.subjects.create({ name: 'Rex', className: 'dog' })).id;
    await openSubject(subjectId);
    generatorStore.setState({ info: { id: 'embedded' } as GeneratorInfo });
    requests = [];
    const start = async (request: DreamBoothRequest, onEvent: typeof emit) => {
      requests.push(request);
      emit = onEvent;
    };
    engineStore.setState({ engine: { startDreamBooth: start } as unknown as Engine });
    choosePreset('embedded');
    takeSettings({ ...dreamBoothStore.getState().settings, steps: 9, seed: 4, views: 3 });
    await startDreamBooth();
    for (const step of [3, 6]) {
      emit({ type: 'checkpoint', checkpoint: at(step) });
      await expect.poll(async () => (await loras()).length).toBe(step / 3);
    }
    emit({ type: 'finished', checkpoint: at(9), seconds: 1 });
    await expect.poll(async () => (await theRun()).status).toBe('finished');
    await expect.poll(stepsOf).toEqual([3, 6, 9]);
    for (const step of [0, 3, 6, 9])
      await library.runs.addSample(await theRun(), { step, prompt: 'p', seed: 4, png: Uint8Array.of(1) });
  });

  it('goes on from there as it stood then, without what came later', async () => {
    const [third, ...later] = await loras();
    expect(laterCheckpoints(third!, await loras())).toEqual(later);
    // Of the panel's settings only those count that a run can go on with.
    takeSettings({ ...dreamBoothStore.getState().settings, views: 5, seed: 77 });
    // It then fails by the samples, which are no pictures here; what was taken back is kept all the same.
    await learnOn(third!, { steps: 12, learningRate: 0.5 });
    expect(await stepsOf()).toEqual([3]);
    expect((await library.runs.samples(await theRun())).map(({ step }) => step)).toEqual([0, 3]);
    const run = await theRun();
    expect(run).toMatchObject({ step: 3, checkpointStep: 3, totalSteps: 12, history: at(3).history });
    expect(run.settings).toMatchObject({ settings: { steps: 12, learningRate: 0.5, views: 3, seed: 4 } });
    expect(fromRecord((await library.runs.loadCheckpoint(run))!)).toEqual(at(3));
    expect(loraStore.getState().chosenId).toBe(third!.id);
  });

  it('hands the engine the checkpoint and the settings of the run', async () => {
    await library.runs.dropSamplesAfter(await theRun(), -1);
    await learnOn((await loras())[0]!, { steps: 9, learningRate: 0.001 });
    expect(requests.at(-1)).toMatchObject({ checkpoint: at(3), settings: { steps: 9, seed: 4 } });
    expect((await theRun()).status).toBe('running');
    emit({ type: 'checkpoint', checkpoint: at(6) });
    await expect.poll(stepsOf).toEqual([3, 6]);
  });

  it('notes how fast this device learned, for the next run', async () => {
    const compute = computeStatus('v');
    engineStore.setState({ status: { compute } as never });
    await library.runs.dropSamplesAfter(await theRun(), -1);
    await learnOn((await loras())[0]!, { steps: 9, learningRate: 0.001 });
    const [point] = at(4).history.slice(-1);
    const memory = { used: 0, peak: 0, reserved: 0 };
    emit({ type: 'step', point: point!, secondsAStep: 4, secondsLeft: 20, memory });
    emit({ type: 'checkpoint', checkpoint: at(6) });
    await expect.poll(stepsOf).toEqual([3, 6]);
    // A step of one image is worth two evaluations.
    const unet = { kind: 'unet', generatorId: 'embedded' } as const;
    expect(paceOf(unet, compute)).toEqual({ seconds: 2, measured: true });
    engineStore.setState({ status: null });
  });

  it('begins again where the run was discarded, and refuses where nothing is left to learn', async () => {
    await library.runs.remove(await theRun());
    const [third, , ninth] = await loras();
    await expect(learnOn(ninth!, { steps: 9, learningRate: 1 })).rejects.toThrow('all 9 steps');
    expect(await stepsOf()).toEqual([3, 6, 9]);
    await learnOn(third!, { steps: 9, learningRate: 1 });
    expect(await theRun()).toMatchObject({ step: 3, status: 'running' });
    const imported = await storeLora(subjectId, 'embedded', checkpoint.adapter, {
      name: 'x',
      settings: null,
    });
    expect(checkpointStep(imported)).toBeNull();
    await expect(learnOn(imported, { steps: 9, learningRate: 1 })).rejects.toThrow('what learning needs');
  });
});
