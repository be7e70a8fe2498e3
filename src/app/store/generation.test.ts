import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../engine/client.ts';
import type { GenerationEvent, GenerationRequest, GeneratorInfo } from '../../engine/generator/protocol.ts';
import type { EncoderInfo } from '../../engine/protocol.ts';
import { openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import type { GeneratedDetails, Subject } from '../../library/types.ts';
import { type DrawingJob, isDrawing } from './drawingRecord.ts';
import { applyThreshold, keepPicture } from './drawnPictures.ts';
import { engineStore } from './engine.ts';
import { cancelGeneration, resumeGeneration, settleOptions, startGeneration } from './generation.ts';
import { changeOptions, generationStore, thresholdOf } from './generationState.ts';
import { generatorStore } from './generator.ts';
import { loraStore, storeLora } from './generatorLoras.ts';
import { libraryStore, openSubject, photosIn, theLibrary } from './library.ts';

/** An engine that notes what it is asked to draw, and draws nothing by itself. */
class FakeEngine {
  requests: GenerationRequest[] = [];
  emit: (event: GenerationEvent) => void = () => {};
  /** Resolves the check of the prompts. */
  check: Promise<void> = Promise.resolve();

  async checkPrompts(prompts: string[]) {
    await this.check;
    return prompts.map((prompt) => ({
      ...{ prompt, cut: false },
      unknown: prompt.includes('blurry') ? ['blurry'] : [],
    }));
  }

  async startGeneration(request: GenerationRequest, onEvent: (event: GenerationEvent) => void) {
    this.requests.push(request);
    this.emit = onEvent;
  }

  async cancelGeneration() {}
}

const MEMORY = { used: 0, peak: 0, reserved: 0 };

let engine: FakeEngine;
let rex: Subject;

beforeEach(async () => {
  engine = new FakeEngine();
  engineStore.setState({ engine: engine as unknown as Engine });
  generatorStore.setState({ info: { id: 'embedded' } as GeneratorInfo });
  const library = await openLibrary({ store: new MemoryStore() });
  libraryStore.setState({ library });
  rex = await library.subjects.create({ name: 'Rex', className: 'dog' });
  await openSubject(rex.id);
  generationStore.setState({ phase: 'idle', runId: null });
  changeOptions({ purpose: 'backgrounds', count: 4, seed: 7 });
});

const idle = () => expect.poll(() => generationStore.getState().phase).toBe('idle');

function picture(details: Partial<GeneratedDetails>) {
  const generated = {
    prompt: 'a dog',
    seed: 1,
    score: 0.5,
    kept: true,
    generatorId: 'embedded',
    loraId: null,
  };
  return theLibrary().photos.add(rex.id, {
    ...{ role: 'generated', name: 'a dog.png', width: 1, height: 1, type: 'image/png' },
    ...{ contentHash: `${details.seed}`, perceptualHash: '0', blob: new Blob(['x']) },
    generated: { ...generated, seconds: 1, ...details },
  });
}

describe('a job of pictures', () => {
  it('is in the library while it goes, and away when it is done', async () => {
    await startGeneration();
    const [run] = libraryStore.getState().library ? await theLibrary().runs.list(rex.id) : [];
    expect(isDrawing(run!)).toBe(true);
    expect((run!.settings as DrawingJob).images.map(({ seed }) => seed)).toEqual([7, 8, 9, 10]);
    engine.emit({ type: 'finished', made: 0, kept: 0 });
    await idle();
    expect(await theLibrary().runs.list(rex.id)).toEqual([]);
  });

  it('goes on after a reload with what is not drawn yet, by the threshold it had', async () => {
    await startGeneration();
    const [run] = await theLibrary().runs.list(rex.id);
    const { images, ...job } = run!.settings as DrawingJob;
    const cut = await theLibrary().runs.update(run!, {
      settings: { ...job, images, threshold: 0.25 },
      history: { made: [images[0]!.id, images[2]!.id], kept: 1 },
    });
    await resumeGeneration(cut);
    const request = engine.requests.at(-1)!;
    expect(request.images.map(({ id }) => id)).toEqual([images[1]!.id, images[3]!.id]);
    expect(request.filter?.threshold).toBe(0.25);
    expect(generationStore.getState()).toMatchObject({ made: 2, kept: 1, of: 4, runId: cut.id });
  });

  it('fits its threshold once for the same photos', async () => {
    vi.stubGlobal('fetch', async () =>
      Response.json({ version: 1, subjects: [], negatives: [], backgrounds: [] }),
    );
    settleOptions(rex.id);
    changeOptions({ purpose: 'positives', source: 'vanilla', threshold: 'auto' });
    await startGeneration();
    expect(engine.requests.at(-1)!.filter?.threshold).toBe('auto');
    engine.emit({ type: 'fitted', scale: { photos: [0.8], others: [0.2], threshold: 0.5 } });
    engine.emit({ type: 'finished', made: 0, kept: 0 });
    await idle();
    await startGeneration();
    expect(engine.requests.at(-1)!.filter?.threshold).toBe(0.5);
    // Another encoder scores otherwise.
    engine.emit({ type: 'finished', made: 0, kept: 0 });
    await idle();
    engineStore.setState({ encoder: { id: 'another' } as EncoderInfo });
    await startGeneration();
    expect(engine.requests.at(-1)!.filter?.threshold).toBe('auto');
    vi.unstubAllGlobals();
  });

  it('is drawn until enough are kept, with a limit on tries, across a reload too', async () => {
    changeOptions({
      purpose: 'positives',
      source: 'vanilla',
      threshold: 0.5,
      count: 3,
      until: true,
      tries: 9,
    });
    await startGeneration();
    expect(engine.requests.at(-1)).toMatchObject({ wanted: 3 });
    expect(engine.requests.at(-1)!.images).toHaveLength(9);
    expect(generationStore.getState()).toMatchObject({ wanted: 3, of: 9 });
    const [run] = await theLibrary().runs.list(rex.id);
    const { images } = run!.settings as DrawingJob;
    const made = images.slice(0, 4).map(({ id }) => id);
    await resumeGeneration(await theLibrary().runs.update(run!, { history: { made, kept: 1 } }));
    expect(engine.requests.at(-1)).toMatchObject({ wanted: 2 });
    expect(engine.requests.at(-1)!.images).toHaveLength(5);
    engine.emit({ type: 'progress', made: 5, kept: 1, of: 5, secondsLeft: 0, memory: MEMORY });
    engine.emit({ type: 'finished', made: 5, kept: 1 });
    await idle();
    expect(generationStore.getState().summary).toEqual({
      ...{ purpose: 'positives', made: 9, kept: 2, wanted: 3, of: 9, cancelled: false },
    });
    changeOptions({ until: false, threshold: 'auto' });
  });

  it('never draws fewer than are to be kept, and no limit of tries counts elsewhere', async () => {
    changeOptions({
      purpose: 'positives',
      source: 'vanilla',
      threshold: 0.5,
      count: 3,
      until: true,
      tries: 1,
    });
    await startGeneration();
    expect(engine.requests.at(-1)!.images).toHaveLength(3);
    engine.emit({ type: 'finished', made: 0, kept: 0 });
    await idle();
    changeOptions({ purpose: 'backgrounds' });
    await startGeneration();
    expect(engine.requests.at(-1)).toMatchObject({ wanted: 3 });
    expect(engine.requests.at(-1)!.images).toHaveLength(3);
    changeOptions({ until: false, threshold: 'auto' });
  });

  it('names words of the negative prompt that the generator does not know', async () => {
    const { sampling } = generationStore.getState().options;
    changeOptions({ sampling: { ...sampling, negativePrompt: 'blurry' } });
    await startGeneration();
    changeOptions({ sampling });
    expect(generationStore.getState().problems).toEqual(['The generator does not know: blurry.']);
  });

  it('is cancelled before the engine has begun it', async () => {
    let checked = () => {};
    changeOptions({ purpose: 'positives', threshold: null, source: 'vanilla' });
    engine.check = new Promise((resolve) => {
      checked = resolve;
    });
    const starting = startGeneration();
    await expect.poll(() => generationStore.getState().phase).toBe('starting');
    await cancelGeneration();
    checked();
    await starting;
    expect(engine.requests).toEqual([]);
    expect(generationStore.getState().phase).toBe('idle');
    expect(await theLibrary().runs.list(rex.id)).toEqual([]);
  });
});

describe('the pictures of a subject', () => {
  it('go on with the seeds that were drawn, and with their threshold', async () => {
    await picture({ seed: 41, threshold: 0.4 });
    await openSubject(rex.id);
    // A fit is kept with its subject; this one has none yet.
    generationStore.setState({ scale: null });
    changeOptions({ seed: 1, threshold: 0.9 });
    settleOptions(rex.id);
    const state = generationStore.getState();
    expect(state.options).toMatchObject({ seed: 42, threshold: 'auto' });
    expect(thresholdOf(state, photosIn('generated'))).toBe(0.4);
  });

  it('go on with the seeds that were drawn while another subject was open', async () => {
    await openSubject(rex.id);
    settleOptions(rex.id);
    await startGeneration();
    const mug = await theLibrary().subjects.create({ name: 'Mug', className: 'mug' });
    await openSubject(mug.id);
    await picture({ seed: 77 });
    engine.emit({ type: 'finished', made: 1, kept: 1 });
    await idle();
    expect(generationStore.getState().summary).toBeNull();
    await openSubject(rex.id);
    settleOptions(rex.id);
    expect(generationStore.getState().options.seed).toBe(78);
  });

  it('keep what the user decided when the threshold moves', async () => {
    await picture({ seed: 1, score: 0.2, kept: false });
    await picture({ seed: 2, score: 0.2, kept: false });
    await openSubject(rex.id);
    await keepPicture(photosIn('generated').find(({ generated }) => generated?.seed === 1)!, true);
    await applyThreshold(0.5);
    const kept = () => photosIn('generated').map(({ generated }) => [generated!.seed, generated!.kept]);
    expect(Object.fromEntries(kept())).toEqual({ 1: true, 2: false });
    await applyThreshold(0.1);
    expect(Object.fromEntries(kept())).toEqual({ 1: true, 2: true });
  });
});

it('a LoRA that is learned while another subject is open does not become that one’s', async () => {
  const mug = await theLibrary().subjects.create({ name: 'Mug', className: 'mug' });
  await openSubject(mug.id);
  loraStore.setState({ chosenId: 'of the mug' });
  const adapter = { rank: 1, alpha: 1, targets: ['attention' as const], modules: {} };
  const stored = await storeLora(rex.id, 'embedded', adapter, { name: 'Step 1', settings: null });
  expect(loraStore.getState().chosenId).toBe('of the mug');
  await openSubject(rex.id);
  await storeLora(rex.id, 'embedded', adapter, { name: 'Step 2', settings: null });
  expect([null, 'of the mug', stored.id]).not.toContain(loraStore.getState().chosenId);
});
