import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Library, openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import type { Subject } from '../../library/types.ts';
import { PRESETS } from '../../personalize/presets.ts';
import { choosePreset, dreamBoothStore, LEARNING_DEFAULTS, takeSettings } from './dreambooth.ts';
import { changeOptions, DRAWING_DEFAULTS, generationStore } from './generationState.ts';
import { libraryStore, openSubject } from './library.ts';
import { keepPreferences } from './preferences.ts';
import { changeSettings, TEACHING_DEFAULTS, trainingStore } from './training.ts';

let store: MemoryStore;
let library: Library;
let [rex, mug]: Subject[] = [];
let stop = () => {};
const errors: Error[] = [];
const options = () => generationStore.getState().options;
const learning = () => dreamBoothStore.getState();

/** A page that has just been loaded: stores as they begin, the library from storage. */
async function load(open: Subject | undefined): Promise<void> {
  stop();
  generationStore.setState({ options: DRAWING_DEFAULTS });
  generationStore.setState({ scale: null, fittedTo: null });
  dreamBoothStore.setState(LEARNING_DEFAULTS);
  trainingStore.setState({ settings: TEACHING_DEFAULTS });
  library = await openLibrary({ store });
  libraryStore.setState({ library, current: null });
  stop = keepPreferences((error) => errors.push(error));
  if (open) await openSubject(open.id);
}

beforeEach(async () => {
  errors.length = 0;
  store = new MemoryStore();
  await load(undefined);
  rex = await library.subjects.create({ name: 'Rex', className: 'dog' });
  mug = await library.subjects.create({ name: 'Mug', className: 'mug' });
});

afterEach(() => stop());

describe('what was chosen for a subject', () => {
  it('is in use again after a reload, and of no other subject', async () => {
    await load(rex);
    await expect.poll(() => options().purpose).toBe('positives');
    const sampling = { sampler: 'euler' as const, steps: 7, guidance: 2, negativePrompt: 'red' };
    changeOptions({
      source: 'scenes',
      own: 'x {subject}',
      count: 3,
      until: true,
      tries: 9,
      batch: 1,
      sampling,
    });
    choosePreset('paper');
    takeSettings({ ...learning().settings, steps: 11 });
    await load(rex);
    await expect.poll(() => options()).toMatchObject({ source: 'scenes', count: 3, until: true, tries: 9 });
    expect(options()).toMatchObject({ own: 'x {subject}', batch: 1, sampling });
    await expect.poll(() => learning().settings.steps).toBe(11);
    expect(learning()).toMatchObject({ base: 'paper', settings: { preset: 'custom' } });
    await openSubject(mug!.id);
    await expect.poll(() => options().source).toBe('grammar');
    await expect.poll(() => learning().settings).toEqual(LEARNING_DEFAULTS.settings);
    changeOptions({ count: 5 });
    await openSubject(rex!.id);
    await expect.poll(() => options().count).toBe(3);
    await openSubject(mug!.id);
    await expect.poll(() => options().count).toBe(5);
    expect(errors).toEqual([]);
  });

  it('holds for the settings of teaching too, a preset by its name', async () => {
    const settings = () => trainingStore.getState().settings;
    await load(rex);
    await expect.poll(settings).toEqual(TEACHING_DEFAULTS);
    changeSettings({ steps: 7 });
    await load(rex);
    await expect.poll(() => settings().steps).toBe(7);
    expect(settings()).toEqual({ ...TEACHING_DEFAULTS, steps: 7, preset: 'custom' });
    await openSubject(mug!.id);
    await expect.poll(settings).toEqual(TEACHING_DEFAULTS);
    changeSettings(PRESETS.paper);
    await load(mug);
    await expect.poll(settings).toEqual(PRESETS.paper);
    await library.preferences.set(mug!.id, 'teaching', { steps: 'many' });
    await load(mug);
    await expect.poll(settings).toEqual(TEACHING_DEFAULTS);
    expect(errors).toEqual([]);
  });

  it("holds for the filter's fit, which takes long to find", async () => {
    const fit = () => {
      const { scale, fittedTo } = generationStore.getState();
      return { scale, fittedTo };
    };
    await load(rex);
    const found = {
      scale: { photos: [0.8, 0.9], others: [0.3], threshold: 0.575 },
      fittedTo: 'encoder a 1',
    };
    await expect.poll(() => options().count).toBe(12);
    generationStore.setState(found);
    await load(rex);
    await expect.poll(fit).toEqual(found);
    await openSubject(mug!.id);
    await expect.poll(fit).toEqual({ scale: null, fittedTo: null });
    await openSubject(rex!.id);
    await expect.poll(fit).toEqual(found);
    expect(errors).toEqual([]);
  });

  it('leaves seeds and thresholds to the pictures and photos', async () => {
    await load(rex);
    await expect.poll(() => options().count).toBe(12);
    changeOptions({ seed: 40, threshold: 0.9, count: 2 });
    await load(rex);
    await expect.poll(() => options().count).toBe(2);
    expect(options()).toMatchObject({ seed: 1, threshold: 'auto' });
  });

  it('is the default where it cannot be read, and goes with the subject', async () => {
    await library.preferences.set(rex!.id, 'learning', { settings: { steps: 'many' }, base: 'embedded' });
    await library.preferences.set(rex!.id, 'drawing', { count: 4 });
    await load(rex);
    await expect.poll(() => options().count).toBe(4);
    expect(options().sampling).toEqual(DRAWING_DEFAULTS.sampling);
    await expect.poll(() => learning().settings).toEqual(LEARNING_DEFAULTS.settings);
    await library.subjects.delete(rex!.id);
    expect((await store.keys()).filter((key) => key.includes(rex!.id))).toEqual([]);
  });
});
