import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/client.ts';
import type {
  DreamBoothCheckpoint,
  DreamBoothEvent,
  GeneratorInfo,
} from '../../engine/generator/protocol.ts';
import { openLibrary } from '../../library/library.ts';
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
import { engineStore } from './engine.ts';
import { generatorStore } from './generator.ts';
import { libraryStore, openSubject } from './library.ts';

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
