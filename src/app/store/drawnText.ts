import type { DrawingPurpose } from './drawingPlan.ts';
import type { GenerationState } from './generationState.ts';

/** What came of a job of pictures. */
export interface DrawnSummary {
  purpose: DrawingPurpose;
  made: number;
  kept: number;
  /** How many were to be kept; null where a number was to be drawn. */
  wanted: number | null;
  /** The most that were to be drawn. */
  of: number;
  cancelled: boolean;
}

/** What a job is doing. */
export function drawingText({
  phase,
  fitting,
  made,
  kept,
  of,
  wanted,
  purpose,
}: Pick<GenerationState, 'phase' | 'fitting' | 'made' | 'kept' | 'of' | 'wanted' | 'purpose'>): string {
  const paused = phase === 'paused' ? 'Paused: ' : '';
  if (phase === 'starting') return 'Starting …';
  if (fitting) return `${paused}Looking at the photos: ${fitting.done} of ${fitting.total} pictures`;
  const start = paused || 'Drawing: ';
  if (wanted !== null) return `${start}${kept} of ${wanted} kept, ${made} of at most ${of} made`;
  return `${start}${made} of ${of} made${purpose === 'positives' ? `, ${kept} kept` : ''}`;
}

/** What came of it: how much of what was asked for the filter kept, and where a limit was reached, which. */
export function drawnText({ purpose, made, kept, wanted, of, cancelled }: DrawnSummary): string {
  const drawn = `${made} ${made === 1 ? 'picture' : 'pictures'} drawn`;
  if (purpose !== 'positives') return `${drawn}.`;
  const others = kept < made ? ' The others stay below: look at them and keep what you like.' : '';
  const similar = `${drawn}, ${kept} of them similar enough to your photos to teach with.`;
  if (wanted === null) return similar + others;
  if (kept >= wanted) {
    const enough = kept === 1 ? '1 picture is kept' : `${kept} pictures are kept`;
    return `${enough}, after ${made} of at most ${of} tries.${others}`;
  }
  const end = cancelled
    ? ` It was cancelled before ${wanted} were kept.`
    : ` All ${of} tries are used before ${wanted} were kept.`;
  const remedy = cancelled ? '' : ' Draw more, or let it learn longer first.';
  return similar + end + others + remedy;
}
