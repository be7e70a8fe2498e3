import type { SamplingSettings } from '../../engine/generator/protocol.ts';
import type { RunRecord } from '../../library/types.ts';
import type { DrawingPurpose, PlannedPicture } from './drawingPlan.ts';

/** A job of pictures as the library keeps it while it goes (the settings of a run), so that it outlives a reload. */
export interface DrawingJob {
  kind: 'drawing';
  purpose: DrawingPurpose;
  images: PlannedPicture[];
  sampling: SamplingSettings;
  /** Images denoised at once. */
  batch: number;
  generatorId: string;
  loraId: string | null;
  /** Lowest score that is kept; `auto` until it is fitted, null for no filter. */
  threshold: number | 'auto' | null;
  /** End once so many are kept; left out, all are drawn. */
  wanted?: number;
}

/** What of a job is done (the history of its run). */
export interface DrawingProgress {
  /** Ids of the pictures that are stored. */
  made: string[];
  kept: number;
}

/** Whether a stored run is a job of pictures. */
export function isDrawing({ settings }: Pick<RunRecord, 'settings'>): boolean {
  return (settings as Partial<DrawingJob> | null)?.kind === 'drawing';
}

export function progressOf({ history }: Pick<RunRecord, 'history'>): DrawingProgress {
  const { made = [], kept = 0 } = history as Partial<DrawingProgress>;
  return { made, kept };
}

/** Pictures of a job that are still to be drawn, in order. */
export function picturesLeft(
  { images }: Pick<DrawingJob, 'images'>,
  { made }: DrawingProgress,
): PlannedPicture[] {
  return images.filter(({ id }) => !made.includes(id));
}
