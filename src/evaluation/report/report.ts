import { applyColormap } from '../../dense/colormap.ts';
import { METRICS, type Metric } from '../summary/cells.ts';
import {
  type Difference,
  recipesOf,
  type Summary,
  scoresOf,
  shiftsOf,
  summarize,
} from '../summary/compare.ts';
import { type Bar, barChart, type CurvePoint, lineChart } from './charts.ts';
import { escapeHtml, STYLE, type TableCell, table } from './html.ts';
import type { ReportCell, ReportExample, ReportInput } from './types.ts';

/** Colours that a scale is drawn with; between them it is straight. */
const COLOR_STOPS = 9;

/** The headline of each task and the raw map. */
const HEADLINES = METRICS.filter(({ id }) => ['prAuc', 'ndcg', 'boxMap', 'maskMap', 'patchAp'].includes(id));

/**
 * A report as one self-contained HTML page: tables with paired differences, shifts, sweeps, single subjects, example maps.
 * Needs a DOM for its plots. What got worse is shown like what got better.
 */
export function renderReport(input: ReportInput): string {
  const { cells } = input;
  const sections = [
    section('All subjects', intro(input) + mainTable(cells)),
    section('By shift', shiftTables(cells)),
    section('What was varied', curves(cells)),
    section('Single subjects', subjectTables(cells)),
    section('Every number', table(...everything(cells))),
    section('Examples', examples(input.examples)),
    section('Generated images', generated(input)),
    section('Time', times(cells)),
    section('Settings', `<pre>${escapeHtml(JSON.stringify(input.settings, null, 2))}</pre>`),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(input.title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(input.title)}</h1>
${input.about.map((line) => `<p class="about">${escapeHtml(line)}</p>`).join('\n')}
${sections.join('\n')}
</body></html>
`;
}

function section(title: string, body: string): string {
  return body ? `<section><h2>${escapeHtml(title)}</h2>${body}</section>` : '';
}

function intro({ notes, missing }: ReportInput): string {
  const lines = [
    'Means over subjects (each subject’s over its seeds); below each, the mean difference to the pretrained encoder on the same subject, its standard error, and how many of the runs were better (↑) and worse (↓).',
    'Pictures of other subjects count as negatives. Detection and segmentation are COCO’s average precision over IoU .50 to .95.',
    ...(missing > 0 ? [`${missing} of the planned runs are not there yet.`] : []),
  ];
  const said = notes.length ? `<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>` : '';
  return lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('') + said;
}

function mainTable(cells: readonly ReportCell[]): string {
  const known = HEADLINES.filter((metric) => cells.some(({ scores }) => metric.of(scores.overall) !== null));
  const head = ['', 'subjects', ...known.map(({ task, name }) => `${task} ${name}`)];
  const rows = recipesOf(cells).flatMap((recipe): TableCell[][] => {
    const summaries = known.map((metric) => summarize(cells, recipe, metric));
    const subjects = Math.max(...summaries.map((summary) => summary.subjects));
    const means: TableCell[] = [recipe, `${subjects}`, ...summaries.map(({ mean }) => number(mean))];
    if (summaries.every(({ difference }) => difference === null)) return [means];
    return [means, ['', '', ...summaries.map(({ difference }) => differenceCell(difference))]];
  });
  const bars = known.flatMap((metric) =>
    recipesOf(cells).flatMap((row) => {
      const { mean } = summarize(cells, row, metric);
      return mean === null ? [] : [{ group: metric.task, row, value: mean }];
    }),
  );
  return table(head, rows) + rowBars(bars, 'score');
}

/** Most rows that bars can tell apart by their colours; of longer sweeps the curves tell more. */
const MOST_BARS = 8;

/** Bars of all rows, unless there are too many. */
function rowBars(bars: readonly Bar[], label: string): string {
  const rows = new Set(bars.map(({ row }) => row));
  return rows.size > MOST_BARS ? '' : figure(barChart(bars, label));
}

function shiftTables(cells: readonly ReportCell[]): string {
  const shifts = shiftsOf(cells);
  if (shifts.length === 0) return '';
  const known = HEADLINES.filter((metric) =>
    cells.some((cell) => shifts.some((shift) => value(cell, metric, shift) !== null)),
  );
  const text =
    '<p>Each shift is scored among the pictures of that shift, and pictures of others that are of none: these pools are smaller, so the numbers cannot be compared with those above.</p>';
  return (
    text +
    known
      .map((metric) => {
        const rows = recipesOf(cells).map((recipe): TableCell[] => [
          recipe,
          ...shifts.map((shift) => judgedNumber(summarize(cells, recipe, metric, shift))),
        ]);
        const bars = recipesOf(cells).flatMap((row) =>
          shifts.flatMap((group) => {
            const { mean } = summarize(cells, row, metric, group);
            return mean === null ? [] : [{ group, row, value: mean }];
          }),
        );
        const title = `${metric.task}, ${metric.name}`;
        return `<h3>${escapeHtml(title)}</h3>${table(['', ...shifts], rows)}${rowBars(bars, metric.name)}`;
      })
      .join('')
  );
}

/**
 * What was varied: for every swept setting and headline with at least two values a curve over numbers, bars over words. Rows
 * at the base (the pretrained encoder, often real crops) are level.
 */
function curves(cells: readonly ReportCell[]): string {
  const paths = [...new Set(cells.flatMap(({ point }) => Object.keys(point ?? {})))];
  const plots = paths.flatMap((path) => HEADLINES.map((metric) => variedBy(path, cells, metric))).join('');
  if (!plots) return '';
  const errors = recipesOf(cells).some((recipe) =>
    HEADLINES.some((metric) => summarize(cells, recipe, metric).seedError !== null),
  )
    ? ' Error bars are the standard error of the mean over the seeds, the subjects being given.'
    : '';
  return `<p>Rows that were not varied are drawn level, for comparison.${errors}</p>${plots}`;
}

function variedBy(path: string, cells: readonly ReportCell[], metric: Metric): string {
  const rows = recipesOf(cells).flatMap((recipe) => {
    const { point = {} } = cells.find((candidate) => candidate.recipe === recipe)!;
    const { mean, seedError: error } = summarize(cells, recipe, metric);
    return mean === null ? [] : [{ recipe, point, mean, error }];
  });
  const swept = rows.filter(({ point }) => path in point);
  const values = [...new Map(swept.map(({ point }) => [wordOf(point[path]), point[path]])).values()];
  if (values.length < 2) return '';
  const level = rows.filter(({ point }) => Object.keys(point).length === 0);
  const series = ({ recipe, point }: (typeof rows)[number]): string => {
    const [name] = recipe.split(', ');
    const rest = Object.entries(point).filter(([other]) => other !== path);
    return [name, ...rest.map(([other, value]) => `${other.split('.').at(-1)} ${wordOf(value)}`)].join(', ');
  };
  const drawn = [
    ...level.flatMap((row) => values.map((value) => ({ ...row, value, series: row.recipe }))),
    ...swept.map((row) => ({ ...row, value: row.point[path], series: series(row) })),
  ];
  const label = `${metric.task} ${metric.name}`;
  if (values.every((value) => typeof value === 'number')) {
    const points = drawn.map(({ value, series: name, mean, error }): CurvePoint => {
      return { x: value as number, y: mean, series: name, error };
    });
    return figure(
      lineChart(
        points.sort((a, b) => a.x - b.x),
        { x: path, y: label },
      ),
    );
  }
  const bars = drawn.map(({ value, series: row, mean, error }) => {
    return { group: wordOf(value), row, value: mean, error };
  });
  return figure(barChart(bars, `${label} by ${path}`));
}

function wordOf(value: unknown): string {
  if (value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function subjectTables(cells: readonly ReportCell[]): string {
  const subjects = [...new Set(cells.map(({ subject }) => subject))];
  const recipes = recipesOf(cells);
  return HEADLINES.map((metric) => {
    const rows = subjects.map((subject): TableCell[] => {
      const own = cells.filter((cell) => cell.subject === subject);
      return [subject, ...recipes.map((recipe) => judgedNumber(summarize(own, recipe, metric)))];
    });
    if (rows.every((row) => row.slice(1).every((cell) => cell === '–'))) return '';
    return `<h3>${escapeHtml(`${metric.task}, ${metric.name}`)}</h3>${table(['', ...recipes], rows)}`;
  }).join('');
}

function everything(cells: readonly ReportCell[]): [string[], TableCell[][]] {
  const recipes = recipesOf(cells);
  const rows = METRICS.map((metric): TableCell[] => [
    `${metric.task}, ${metric.name}`,
    ...recipes.map((recipe) => judgedNumber(summarize(cells, recipe, metric))),
  ]);
  return [['', ...recipes], rows];
}

function examples(list: readonly ReportExample[]): string {
  if (list.length === 0) return '';
  const text =
    '<p>Test picture, pretrained map, personalized map. Both maps of a picture have one colour scale, which is below them. These are the pictures that changed most, for the better and for the worse.</p>';
  const figures = list.map(
    ({ source, subject, recipe, image, kind, measure, pretrained, personalized, scale, mode }) =>
      `<figure><img alt="${escapeHtml(`${image}, pretrained map, personalized map`)}" src="${source}">${colorBar(scale, mode)}<figcaption>${escapeHtml(`${subject}, ${recipe}: ${image}. `)}<span class="${kind === 'better' ? 'good' : 'bad'}">${escapeHtml(`${measure} ${number(pretrained)} → ${number(personalized)}`)}</span></figcaption></figure>`,
  );
  return `${text}<div class="examples">${figures.join('\n')}</div>`;
}

/** The colours of a map between the similarities at their ends. */
function colorBar([low, high]: ReportExample['scale'], mode: ReportExample['mode']): string {
  const stops = Float32Array.from({ length: COLOR_STOPS }, (_, i) => i / (COLOR_STOPS - 1));
  const colors = applyColormap(stops, 0, 1, mode === 'reference' ? 'sequential' : 'diverging');
  const gradient = Array.from(stops, (_, i) => `rgb(${colors.slice(4 * i, 4 * i + 3).join(' ')})`).join(', ');
  return `<div class="scale">${low.toFixed(2)}<span style="background: linear-gradient(90deg, ${gradient})"></span>${high.toFixed(2)}</div>`;
}

function generated({ pools }: ReportInput): string {
  if (pools.length === 0) return '';
  const head = ['', 'made', 'kept', 'threshold', 'mean score', 'DreamBooth', 'drawing'];
  const rows = pools.map(({ subject, recipe, made, kept, threshold, score, seconds }): TableCell[] => [
    `${subject}, ${recipe}`,
    ...[`${made}`, `${kept}`, number(threshold), number(score)],
    ...[`${Math.round(seconds.dreambooth ?? 0)} s`, `${Math.round(seconds.images ?? 0)} s`],
  ]);
  const text =
    '<p>The filter compares crops by this encoder; the paper’s filter uses DreamSim, which is another measure.</p>';
  return text + table(head, rows);
}

function times(cells: readonly ReportCell[]): string {
  const rows = recipesOf(cells).map((recipe): TableCell[] => {
    const own = cells.filter((cell) => cell.recipe === recipe);
    const mean = (of: (cell: ReportCell) => number) =>
      `${(own.reduce((sum, cell) => sum + of(cell), 0) / own.length).toFixed(1)} s`;
    return [
      recipe,
      `${own.length}`,
      mean(({ seconds }) => seconds.training),
      mean(({ seconds }) => seconds.judging),
    ];
  });
  return table(['', 'runs', 'training, mean', 'judging, mean'], rows);
}

function value(cell: ReportCell, metric: Metric, shift: string): number | null {
  const scores = scoresOf(cell, shift);
  return scores ? metric.of(scores) : null;
}

function differenceCell(difference: Difference | null): TableCell {
  if (!difference) return '';
  const { mean, standardError, better, worse } = difference;
  const error = standardError === null ? '' : ` ± ${standardError.toFixed(3)}`;
  return {
    text: `${signed(mean)}${error}, ${better}↑ ${worse}↓`,
    ...judged(mean),
  };
}

/** A mean in the colour of its paired difference, which a tooltip tells. */
function judgedNumber({ mean, difference }: Summary): TableCell {
  if (!difference) return number(mean);
  return {
    text: number(mean),
    title: `${signed(difference.mean)} to pretrained`,
    ...judged(difference.mean),
  };
}

function judged(change: number): { className?: string } {
  return Math.abs(change) < 5e-4 ? {} : { className: change > 0 ? 'good' : 'bad' };
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

function figure(chart: SVGSVGElement | HTMLElement): string {
  return `<figure class="plot">${chart.outerHTML}</figure>`;
}
