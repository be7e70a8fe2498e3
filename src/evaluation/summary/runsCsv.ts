import { type Cell, isPretrained, METRICS } from './cells.ts';
import { baselineOf, scoresOf, shiftsOf } from './compare.ts';

/** A finished run with what the table says of it beside its scores. */
export interface Run extends Cell {
  /** How positives were made; left out for the pretrained encoder. */
  positives?: string;
  /** Values of the sweep, by path. */
  point?: Record<string, unknown>;
  /** Generated images it was taught from. */
  generated?: number;
  seconds: { training: number; judging: number };
}

/** The value of the column `shift` for all test pictures together. */
const ALL = 'all';

/**
 * Every run as a tidy table: a line a run over all test pictures (`shift` is `all`) and one for each shift alone; a column
 * a swept setting, a metric, and the pretrained encoder's value of each metric on the same subject. Empty where there is none.
 */
export function runsCsv(runs: readonly Run[]): string {
  const paths = [...new Set(runs.flatMap(({ point }) => Object.keys(point ?? {})))];
  const head = [
    ...['subject', 'recipe', 'positives', 'seed', ...paths, 'generated_images', 'training_seconds'],
    ...['judging_seconds', 'shift', 'pictures', 'pictures_of_subject'],
    ...METRICS.flatMap(({ id }) => [id, `${id}_pretrained`]),
  ];
  const lines = runs.flatMap((run) => {
    const before = isPretrained(run.recipe) ? undefined : baselineOf(runs, run);
    const about = [
      ...[run.subject, run.recipe, run.positives ?? null, run.seed],
      ...paths.map((path) => textOf(run.point, path)),
      ...[run.generated ?? null, run.seconds.training.toFixed(1), run.seconds.judging.toFixed(1)],
    ];
    return [null, ...shiftsOf([run])].map((shift) => {
      const scores = scoresOf(run, shift)!;
      const earlier = before && scoresOf(before, shift);
      return [
        ...[...about, shift ?? ALL, scores.pictures, scores.positives],
        ...METRICS.flatMap(({ of }) => [of(scores), earlier ? of(earlier) : null]),
      ];
    });
  });
  return `${[head, ...lines].map((line) => line.map(field).join(',')).join('\n')}\n`;
}

function textOf(point: Record<string, unknown> | undefined, path: string): string | null {
  if (!point || !(path in point)) return null;
  const value = point[path];
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A field as RFC 4180 writes it. */
function field(value: string | number | null): string {
  const text = value === null ? '' : `${value}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
