import { createStore } from 'zustand/vanilla';
import type { CaptionGrammar } from '../../diffusion/captions/grammar.ts';
import type { CaptionSource } from '../../diffusion/captions/schedule.ts';
import type { FilterScale, SamplingSettings } from '../../engine/generator/protocol.ts';
import type { Pixels } from '../../images/types.ts';
import type { Photo } from '../../library/types.ts';
import type { DrawingPurpose } from './drawingPlan.ts';
import type { DrawnSummary } from './drawnText.ts';

/** What the user asks for. */
export interface GenerationOptions {
  purpose: DrawingPurpose;
  source: CaptionSource;
  /** Lines of the user's own captions. */
  own: string;
  /** How many to draw; with `until` how many are to be kept. */
  count: number;
  /** Of the subject: go on until `count` of them are kept. */
  until: boolean;
  /** The most that are drawn for that. */
  tries: number;
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
  /** The run that the job is kept under. */
  runId: string | null;
  /** What the job draws. */
  purpose: DrawingPurpose;
  tiles: Tile[];
  /** Photos and other pictures looked at for the filter's threshold. */
  fitting: { done: number; total: number } | null;
  denoising: { step: number; steps: number } | null;
  made: number;
  kept: number;
  of: number;
  /** How many are to be kept; null where all are drawn. */
  wanted: number | null;
  secondsLeft: number | null;
  scale: FilterScale | null;
  /** What the scale was fitted to: photos, masks, encoder. */
  fittedTo: string | null;
  /** What came of the last job of this visit. */
  summary: DrawnSummary | null;
  /** Words the generator does not know, and lines that cannot be used. */
  problems: string[];
  note: string | null;
  /** Goes up with every class image that is stored, for who shows them. */
  classImages: number;
}

/** What is asked for until the user asks for something else. */
export const DRAWING_DEFAULTS: GenerationOptions = {
  purpose: 'positives',
  ...{ source: 'grammar', own: '', count: 12, until: false, tries: 48 },
  ...{ seed: 1, batch: 2, threshold: 'auto' },
  sampling: { sampler: 'dpm++2m', steps: 20, guidance: 4, negativePrompt: '' },
};

export const generationStore = createStore<GenerationState>(() => ({
  options: DRAWING_DEFAULTS,
  ...{ phase: 'idle', subjectId: null, runId: null, purpose: 'positives' },
  ...{ tiles: [], fitting: null, denoising: null, summary: null },
  fittedTo: null,
  ...{ made: 0, kept: 0, of: 0, wanted: null, secondsLeft: null, scale: null, problems: [], note: null },
  classImages: 0,
}));

/** Tell who shows them that there are other class images now. */
export function classImagesChanged(): void {
  generationStore.setState(({ classImages }) => ({ classImages: classImages + 1 }));
}

export function changeOptions(change: Partial<GenerationOptions>): void {
  generationStore.setState(({ options }) => ({ options: { ...options, ...change } }));
}

/** The most pictures that are drawn by these options. */
export function mostPictures({ purpose, until, count, tries }: GenerationOptions): number {
  return until && purpose === 'positives' ? Math.max(count, tries) : count;
}

/** The chosen source of captions; a generator without words of its own takes the plain one instead. */
export function sourceFor(source: CaptionSource, grammar: CaptionGrammar | undefined): CaptionSource {
  return source === 'grammar' && !grammar ? 'vanilla' : source;
}

/** The threshold that the pictures are judged by: the user's, the fitted one, or that of the newest picture. */
export function thresholdOf(
  { options, scale }: Pick<GenerationState, 'options' | 'scale'>,
  pictures: readonly Photo[],
): number | null {
  if (typeof options.threshold === 'number') return options.threshold;
  return (
    scale?.threshold ??
    pictures.findLast(({ generated }) => generated?.threshold)?.generated?.threshold ??
    null
  );
}
