import * as Comlink from 'comlink';
import { BACKGROUND_PROMPTS } from '../../diffusion/captions/backgrounds.ts';
import { scheduleCaptions } from '../../diffusion/captions/schedule.ts';
import type { GenerationEvent, PromptCheck } from '../../engine/generator/protocol.ts';
import type { EnginePhoto } from '../../engine/protocol.ts';
import type { RunRecord } from '../../library/types.ts';
import { storedClassImages } from './classImages.ts';
import { type PlannedPicture, planBackgrounds, planNegatives } from './drawingPlan.ts';
import { type DrawingJob, type DrawingProgress, picturesLeft, progressOf } from './drawingRecord.ts';
import { storePicture } from './drawnPictures.ts';
import { engineStore, theEngine } from './engine.ts';
import { changeOptions, generationStore, mostPictures, sourceFor } from './generationState.ts';
import { generatorStore } from './generator.ts';
import { loraStore, readLora } from './generatorLoras.ts';
import { enginePhotos, libraryStore, photoKey, photosIn, refresh, theLibrary } from './library.ts';
import { negativesAndBackgrounds } from './negatives.ts';
import { notePace } from './pace.ts';
import { pictureWork } from './workload.ts';

/** Pictures of something else that the threshold is fitted by. */
const OTHERS = 12;
/** Model evaluations between two looks at a picture that is being made. */
const PREVIEW_EVERY = 5;

/** Make pictures: of the open subject, of others of its class, or of backgrounds. */
export async function startGeneration(): Promise<void> {
  const { current, adapters } = libraryStore.getState();
  const { info } = generatorStore.getState();
  if (!current || !info) return;
  const { batch, sampling, purpose, threshold, until, count } = generationStore.getState().options;
  const positives = purpose === 'positives';
  const { scale, fittedTo } = generationStore.getState();
  // Fitting takes long without a graphics card, so it is not done twice for the same photos.
  const fitted = threshold === 'auto' && scale && fittedTo === filterBasis() ? scale.threshold : threshold;
  const chosen = adapters.find(({ id }) => id === loraStore.getState().chosenId);
  const lora = positives && chosen ? chosen : null;
  const { images, problems } = await plan(current.className, info.id, lora !== null);
  generationStore.setState({ problems, note: null, summary: null });
  if (images.length === 0) return;
  const job: DrawingJob = {
    ...{ kind: 'drawing', purpose, images, sampling, batch },
    ...{ generatorId: info.id, loraId: lora?.id ?? null, threshold: positives ? fitted : null },
    ...(positives && until ? { wanted: count } : {}),
  };
  const record = await theLibrary().runs.create(current.id, { settings: job, totalSteps: images.length });
  await launch(record, problems);
}

/** Go on with a job that a reload cut short. */
export async function resumeGeneration(record: RunRecord): Promise<void> {
  generationStore.setState({ problems: [], note: null, summary: null });
  await launch(record, []);
}

/** A job that is being prepared on the page's side, where the engine cannot cancel it yet. */
let preparing: { cancelled: boolean } | null = null;

async function launch(record: RunRecord, problems: string[]): Promise<void> {
  const job = record.settings as DrawingJob;
  const before = { ...progressOf(record), basis: filterBasis() };
  const images = picturesLeft(job, before);
  const { subjectId, id: runId } = record;
  const { purpose, sampling: settings, batch, loraId, threshold, wanted = null } = job;
  generationStore.setState({
    ...{ phase: 'starting', subjectId, runId, purpose, tiles: [], fitting: null, denoising: null },
    ...{ made: before.made.length, kept: before.kept, of: job.images.length, wanted, secondsLeft: null },
  });
  const own = { cancelled: false };
  preparing = own;
  try {
    const engine = theEngine();
    const prompts = new Set(images.map(({ prompt }) => prompt));
    if (settings.negativePrompt.trim()) prompts.add(settings.negativePrompt);
    const checks = await engine.checkPrompts([...prompts]);
    generationStore.setState({ problems: [...problems, ...problemsOf(checks)] });
    const lora = loraId ? libraryStore.getState().adapters.find(({ id }) => id === loraId) : undefined;
    if (loraId && !lora) throw new Error('The LoRA that these pictures were begun with is gone.');
    const filter = threshold === null ? null : { threshold, ...(await comparison(threshold)) };
    const enough = wanted === null ? images.length : wanted - before.kept;
    const request = { images, settings, batch, previewEvery: PREVIEW_EVERY, wanted: enough, filter };
    const adapter = lora ? await readLora(lora) : null;
    if (own.cancelled) {
      await end(record);
      return;
    }
    await engine.startGeneration(
      { ...request, lora: adapter },
      Comlink.proxy((event: GenerationEvent) => onEvent(event, record, before)),
    );
  } catch (error) {
    const { message } = error as Error;
    generationStore.setState({ phase: 'idle', runId: null, note: message });
    await theLibrary().runs.update(record, { status: 'failed', error: message });
    await refresh();
  } finally {
    preparing = null;
  }
}

/** What the filter compares with: the photos, and where the threshold is still to be fitted pictures of something else. */
async function comparison(
  threshold: number | 'auto',
): Promise<{ photos: EnginePhoto[]; others: EnginePhoto[] }> {
  const photos = await enginePhotos('train');
  const others = threshold === 'auto' ? (await negativesAndBackgrounds('real')).negatives : [];
  return { photos, others: others.slice(0, OTHERS) };
}

/** What the filter's scale depends on: another photo, mask or encoder makes it another. */
function filterBasis(): string {
  const { maskVersion } = libraryStore.getState();
  const photos = photosIn('train').map((photo) => `${photoKey(photo)}/${maskVersion[photo.id] ?? 0}`);
  return [engineStore.getState().encoder?.id, ...photos].join(' ');
}

/** A job is over: nothing of it is left to go on with. */
async function end(record: RunRecord): Promise<void> {
  await theLibrary().runs.remove(record);
  generationStore.setState({ phase: 'idle', runId: null, tiles: [], denoising: null, fitting: null });
  await refresh();
}

/** Pictures that the options ask for, and what is wrong with the captions. */
async function plan(
  classWord: string,
  generatorId: string,
  tuned: boolean,
): Promise<{ images: PlannedPicture[]; problems: string[] }> {
  const { purpose, own, count, seed, source: wanted } = generationStore.getState().options;
  switch (purpose) {
    case 'positives': {
      const { grammar } = generatorStore.getState();
      const source = sourceFor(wanted, grammar);
      const most = mostPictures(generationStore.getState().options);
      const { prompts, problems } = scheduleCaptions({
        ...{ source, own, count: most, seed, grammar, classWord, untuned: !tuned },
      });
      const images = prompts.map((prompt, i) => ({ prompt, seed: seed + i, id: `${seed + i}` }));
      return { images, problems };
    }
    case 'negatives': {
      const known = await storedClassImages(generatorId, classWord);
      const seeds = known.map((image) => image.seed);
      return { images: planNegatives(classWord, seeds, count), problems: [] };
    }
    case 'backgrounds': {
      const checks = await theEngine().checkPrompts([...BACKGROUND_PROMPTS]);
      const images = planBackgrounds(checks, seed, count);
      const problems = images.length ? [] : ['The generator knows none of the words for places.'];
      return { images, problems };
    }
  }
}

export const pauseGeneration = () => theEngine().pauseGeneration();
export const unpauseGeneration = () => theEngine().resumeGeneration();

/** End the job, at any point of it; the pictures that are done stay. */
export async function cancelGeneration(): Promise<void> {
  if (preparing) preparing.cancelled = true;
  await theEngine().cancelGeneration();
}

/** The seed after those of the open subject's pictures, so that none is drawn twice. */
function nextSeed(): number {
  const drawn = libraryStore.getState().photos.flatMap(({ generated }) => generated?.seed ?? []);
  return Math.max(0, ...drawn) + 1;
}

let settledFor: string | null = null;

/** Options that belong to a subject, once its photos are known: seeds go on, and the threshold is fitted. */
export function settleOptions(subjectId: string): void {
  if (settledFor === subjectId) return;
  settledFor = subjectId;
  changeOptions({ seed: nextSeed(), threshold: 'auto' });
  generationStore.setState({ problems: [], note: null, summary: null });
}

function problemsOf(checks: readonly PromptCheck[]): string[] {
  const unknown = new Set(checks.flatMap((check) => check.unknown));
  const problems = checks.filter(({ cut }) => cut).map(({ prompt }) => `Too long, its end is cut: ${prompt}`);
  if (unknown.size) problems.push(`The generator does not know: ${[...unknown].join(', ')}.`);
  return problems.slice(0, 6);
}

let storing: Promise<void> = Promise.resolve();

function onEvent(
  event: GenerationEvent,
  record: RunRecord,
  before: DrawingProgress & { basis: string },
): void {
  const job = record.settings as DrawingJob;
  switch (event.type) {
    case 'fitting':
      generationStore.setState({ phase: 'running', fitting: { done: event.done, total: event.total } });
      break;
    case 'fitted': {
      if (isOpen(record)) generationStore.setState({ scale: event.scale, fittedTo: before.basis });
      // What goes on after a reload is judged by the same threshold.
      job.threshold = event.scale.threshold;
      stored(() => theLibrary().runs.update(record, { settings: job }));
      break;
    }
    case 'started':
      generationStore.setState({
        ...{ phase: 'running', fitting: null, denoising: null },
        tiles: job.images
          .filter(({ id }) => event.ids.includes(id))
          .map((image) => ({ ...image, pixels: null })),
      });
      break;
    case 'denoising': {
      const { step, steps, secondsLeft } = event;
      generationStore.setState({ denoising: { step, steps }, secondsLeft });
      break;
    }
    case 'preview':
      generationStore.setState(({ tiles }) => ({
        tiles: tiles.map((tile) => (tile.id === event.id ? { ...tile, pixels: event.pixels } : tile)),
      }));
      break;
    case 'image': {
      const { image } = event;
      generationStore.setState(({ tiles }) => ({
        tiles: tiles.map((tile) => (tile.id === image.id ? { ...tile, pixels: image.pixels } : tile)),
      }));
      stored(() => storePicture(image, record));
      stored(() =>
        notePace({ kind: 'unet', generatorId: job.generatorId }, pictureWork(job.sampling), image.seconds),
      );
      break;
    }
    case 'progress':
      generationStore.setState({
        ...{ made: before.made.length + event.made, kept: before.kept + event.kept },
        secondsLeft: event.secondsLeft,
      });
      break;
    case 'paused':
      generationStore.setState({ phase: 'paused' });
      break;
    case 'resumed':
      generationStore.setState({ phase: 'running' });
      break;
    case 'failed':
      stored(async () => {
        const { name, message } = event;
        await theLibrary().runs.update(record, { status: 'failed', error: message });
        generationStore.setState({ phase: 'idle', runId: null, tiles: [], denoising: null, fitting: null });
        generationStore.setState({ note: `${name}: ${message}` });
        await refresh();
      });
      break;
    case 'finished':
    case 'cancelled':
      stored(async () => {
        const open = isOpen(record);
        // Where another subject is open, the seeds of this one went on unseen.
        if (!open) settledFor = null;
        await end(record);
        if (!open) return;
        const { made, kept } = generationStore.getState();
        if (made > 0) {
          const { purpose, wanted = null, images } = job;
          const cancelled = event.type === 'cancelled';
          const summary = { purpose, made, kept, wanted, of: images.length, cancelled };
          generationStore.setState({ summary });
        }
        // The next pictures continue the seeds; class images have seeds of their own.
        if (job.purpose !== 'negatives') changeOptions({ seed: nextSeed() });
      });
      break;
  }
}

/** Whether the subject of a job is the one that is looked at: scale, summary and options shown are the open one's. */
function isOpen({ subjectId }: RunRecord): boolean {
  return libraryStore.getState().current?.id === subjectId;
}

/** Write after what was written before. */
function stored(write: () => Promise<unknown>): void {
  storing = storing.then(write).then(
    () => {},
    (error: Error) => generationStore.setState({ note: `A picture could not be stored: ${error.message}` }),
  );
}
