import * as Comlink from 'comlink';
import { createStore } from 'zustand/vanilla';
import { BACKGROUND_PROMPTS } from '../../diffusion/captions/backgrounds.ts';
import type { CaptionGrammar } from '../../diffusion/captions/grammar.ts';
import { type CaptionSource, scheduleCaptions } from '../../diffusion/captions/schedule.ts';
import type {
  FilterScale,
  GeneratedImage,
  GenerationEvent,
  PromptCheck,
  SamplingSettings,
} from '../../engine/generator/protocol.ts';
import { encodeImage } from '../../images/decode/encode.ts';
import type { Pixels } from '../../images/types.ts';
import { contentHash, perceptualHash } from '../../library/import/hash.ts';
import type { GeneratedDetails, Photo } from '../../library/types.ts';
import { addClassImage, storedClassImages } from './classImages.ts';
import { type DrawingPurpose, type PlannedPicture, planBackgrounds, planNegatives } from './drawingPlan.ts';
import { theEngine } from './engine.ts';
import { generatorStore } from './generator.ts';
import { loraStore, readLora } from './generatorLoras.ts';
import { enginePhotos, libraryStore, photosIn, refresh, theLibrary } from './library.ts';
import { negativesAndBackgrounds } from './negatives.ts';

/** What the user asks for. */
export interface GenerationOptions {
  purpose: DrawingPurpose;
  source: CaptionSource;
  /** Lines of the user's own captions. */
  own: string;
  count: number;
  seed: number;
  /** Images denoised at once. */
  batch: number;
  sampling: SamplingSettings;
  /** Lowest score that is kept; `auto` fits it to the encoder and the photos. */
  threshold: number | 'auto' | null;
}

/** An image that is being made. */
export interface Tile {
  id: string;
  prompt: string;
  seed: number;
  pixels: Pixels | null;
}

/** State of the making half of the Generate panel. */
export interface GenerationState {
  options: GenerationOptions;
  phase: 'idle' | 'starting' | 'running' | 'paused';
  subjectId: string | null;
  tiles: Tile[];
  denoising: { step: number; steps: number } | null;
  made: number;
  kept: number;
  of: number;
  secondsLeft: number | null;
  scale: FilterScale | null;
  /** Words the generator does not know, and lines that cannot be used. */
  problems: string[];
  note: string | null;
  /** Goes up with every class image that is stored, for who shows them. */
  classImages: number;
}

export const generationStore = createStore<GenerationState>(() => ({
  options: {
    purpose: 'positives',
    ...{ source: 'grammar', own: '', count: 12, seed: 1, batch: 2, threshold: 'auto' },
    sampling: { sampler: 'dpm++2m', steps: 20, guidance: 4, negativePrompt: '' },
  },
  ...{ phase: 'idle', subjectId: null, tiles: [], denoising: null },
  ...{ made: 0, kept: 0, of: 0, secondsLeft: null, scale: null, problems: [], note: null },
  classImages: 0,
}));

export function changeOptions(change: Partial<GenerationOptions>): void {
  generationStore.setState(({ options }) => ({ options: { ...options, ...change } }));
}

/** The chosen source of captions; a generator without words of its own takes the plain one instead. */
export function sourceFor(source: CaptionSource, grammar: CaptionGrammar | undefined): CaptionSource {
  return source === 'grammar' && !grammar ? 'vanilla' : source;
}

/** Model evaluations between two looks at a picture that is being made. */
const PREVIEW_EVERY = 5;

/** Make pictures: of the open subject, of others of its class, or of backgrounds. */
export async function startGeneration(): Promise<void> {
  const { current, adapters } = libraryStore.getState();
  const { info } = generatorStore.getState();
  if (!current || !info) return;
  const { count, batch, sampling, purpose } = generationStore.getState().options;
  const positives = purpose === 'positives';
  const chosen = adapters.find(({ id }) => id === loraStore.getState().chosenId);
  const lora = positives && chosen ? chosen : null;
  const { images, problems } = await plan(current.className, info.id, lora !== null);
  generationStore.setState({ problems, note: null });
  if (images.length === 0) return;
  generationStore.setState({
    ...{
      phase: 'starting',
      subjectId: current.id,
      tiles: [],
      made: 0,
      kept: 0,
      of: count,
      secondsLeft: null,
    },
  });
  try {
    const engine = theEngine();
    const checks = await engine.checkPrompts([...new Set(images.map(({ prompt }) => prompt))]);
    generationStore.setState({ problems: [...problems, ...problemsOf(checks)] });
    const threshold = positives ? await fittedThreshold() : null;
    const origin: Origin = { purpose, loraId: lora?.id ?? null, generatorId: info.id };
    await engine.startGeneration(
      {
        ...{ images, settings: sampling, batch, previewEvery: PREVIEW_EVERY, wanted: count },
        lora: lora ? await readLora(lora) : null,
        filter: threshold === null ? null : { threshold },
      },
      Comlink.proxy((event: GenerationEvent) => onEvent(event, images, origin)),
    );
    generationStore.setState({ phase: 'running' });
  } catch (error) {
    generationStore.setState({ phase: 'idle', note: (error as Error).message });
  }
}

/** What the pictures of a job are for, and by what they are made. */
interface Origin {
  purpose: DrawingPurpose;
  loraId: string | null;
  generatorId: string;
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
      const { prompts, problems } = scheduleCaptions({
        ...{ source, own, count, seed, grammar, classWord, untuned: !tuned },
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
export const resumeGeneration = () => theEngine().resumeGeneration();
export const cancelGeneration = () => theEngine().cancelGeneration();

/** Take a picture into the training pool, or out of it. */
export async function keepPicture(photo: Photo, kept: boolean): Promise<void> {
  const { generated } = photo;
  if (!generated) return;
  await theLibrary().photos.update(photo, { generated: { ...generated, kept } });
  await refresh();
}

/** Judge all pictures anew by another threshold. */
export async function applyThreshold(threshold: number): Promise<void> {
  changeOptions({ threshold });
  for (const photo of photosIn('generated')) {
    const { generated } = photo;
    if (!generated || generated.score === null) continue;
    const kept = generated.score >= threshold;
    if (kept !== generated.kept)
      await theLibrary().photos.update(photo, { generated: { ...generated, kept } });
  }
  await refresh();
}

/** The threshold in use: the user's, or halfway between what photos and other pictures score. */
async function fittedThreshold(): Promise<number | null> {
  const { threshold } = generationStore.getState().options;
  if (threshold !== 'auto') return threshold;
  const engine = theEngine();
  await engine.setReferences(await enginePhotos('train'));
  const { negatives } = await negativesAndBackgrounds('real');
  const scale = await engine.filterScale(negatives.slice(0, 12));
  generationStore.setState({ scale });
  return scale.threshold;
}

function problemsOf(checks: readonly PromptCheck[]): string[] {
  const unknown = new Set(checks.flatMap((check) => check.unknown));
  const problems = checks.filter(({ cut }) => cut).map(({ prompt }) => `Too long, its end is cut: ${prompt}`);
  if (unknown.size) problems.push(`The generator does not know: ${[...unknown].join(', ')}.`);
  return problems.slice(0, 6);
}

let storing: Promise<void> = Promise.resolve();

function onEvent(event: GenerationEvent, images: readonly PlannedPicture[], origin: Origin): void {
  switch (event.type) {
    case 'started':
      generationStore.setState({
        tiles: images.filter(({ id }) => event.ids.includes(id)).map((image) => ({ ...image, pixels: null })),
      });
      break;
    case 'denoising':
      generationStore.setState({ denoising: { step: event.step, steps: event.steps } });
      break;
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
      storing = storing
        .then(() => storePicture(image, origin))
        .catch((error: Error) => {
          generationStore.setState({ note: `A picture could not be stored: ${error.message}` });
        });
      break;
    }
    case 'progress':
      generationStore.setState({
        ...{ made: event.made, kept: event.kept, of: event.of, secondsLeft: event.secondsLeft },
      });
      break;
    case 'paused':
      generationStore.setState({ phase: 'paused' });
      break;
    case 'resumed':
      generationStore.setState({ phase: 'running' });
      break;
    case 'failed':
      generationStore.setState({ phase: 'idle', tiles: [], denoising: null, note: event.message });
      break;
    case 'finished':
    case 'cancelled':
      void storing.then(() => {
        // The next batch of pictures continues the seeds.
        const { options } = generationStore.getState();
        generationStore.setState({ phase: 'idle', tiles: [], denoising: null });
        // Class images have seeds of their own.
        if (origin.purpose !== 'negatives') changeOptions({ seed: options.seed + event.made });
      });
      break;
  }
}

async function storePicture(image: GeneratedImage, { purpose, loraId, generatorId }: Origin): Promise<void> {
  const { subjectId } = generationStore.getState();
  const subject = libraryStore.getState().subjects.find(({ id }) => id === subjectId);
  if (!subjectId || !subject) return;
  if (purpose === 'negatives') {
    await addClassImage(generatorId, subject.className, image, image.pixels);
    generationStore.setState(({ classImages }) => ({ classImages: classImages + 1 }));
    return;
  }
  const { pixels, prompt, seed, score, accepted: kept, seconds } = image;
  const generated: GeneratedDetails = { prompt, seed, score, kept, generatorId, loraId, seconds };
  await theLibrary().photos.add(subjectId, {
    ...{ role: purpose === 'backgrounds' ? 'background' : 'generated', generated },
    name: `${prompt.replace(/[^\w ]/g, '')} ${seed}.png`,
    ...{ width: pixels.width, height: pixels.height, type: 'image/png' },
    contentHash: await contentHash(pixels),
    perceptualHash: perceptualHash(pixels),
    blob: await encodeImage(pixels, 'image/png'),
  });
  await refresh();
}
