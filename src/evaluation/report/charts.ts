import * as Plot from '@observablehq/plot';

/** One bar: a row's mean in a group (a shift, a task, a value of what was varied). */
export interface Bar {
  group: string;
  row: string;
  value: number;
  /** Drawn as a line this far up and down; left out where it is not known. */
  error?: number | null;
}

/** One point of a curve. */
export interface CurvePoint {
  x: number;
  y: number;
  series: string;
  /** Drawn as a line this far up and down; left out where it is not known. */
  error?: number | null;
}

/** Colours that stay apart for most eyes and on both grounds; the pretrained row is grey. */
const COLORS = ['#8a8f98', '#2f7ed8', '#d9822b', '#3da35d', '#a855b5', '#c2444e', '#1ba6a6', '#7a6a3a'];

const STYLE = { background: 'transparent', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' };

/** Grouped bars of rows, one colour a row. Values from 0 to 1. */
export function barChart(bars: readonly Bar[], label: string, width = 720): SVGSVGElement | HTMLElement {
  const rows = [...new Set(bars.map(({ row }) => row))];
  return Plot.plot({
    ...{ width, height: 220, marginBottom: 44, style: STYLE, className: 'chart' },
    x: { axis: null, domain: rows },
    fx: { label: null, domain: [...new Set(bars.map(({ group }) => group))] },
    y: { label, domain: [0, Math.max(0.05, ...bars.map(top))], grid: true, nice: true },
    color: { domain: rows, range: rangeOf(rows.length), legend: true },
    marks: [
      Plot.barY(bars, {
        ...{ fx: 'group', x: 'row', y: 'value', fill: 'row' },
        title: ({ row, group, value, error }: Bar) =>
          `${row}, ${group}: ${value.toFixed(3)}${error == null ? '' : ` ± ${error.toFixed(3)}`}`,
      }),
      errorBars(bars, { fx: 'group', x: 'row', stroke: 'currentColor', of: ({ value }) => value }),
      Plot.ruleY([0]),
    ],
  });
}

/** Lines over a number, one colour a series. */
export function lineChart(
  points: readonly CurvePoint[],
  labels: { x: string; y: string },
  { width = 480, steps = false, unit = false }: { width?: number; steps?: boolean; unit?: boolean } = {},
): SVGSVGElement | HTMLElement {
  const series = [...new Set(points.map((point) => point.series))];
  return Plot.plot({
    ...{ width, height: 244, marginBottom: 40, style: STYLE, className: 'chart' },
    x: { label: labels.x, grid: true, ...(unit ? { domain: [0, 1] } : {}) },
    y: { label: labels.y, grid: true, ...(unit ? { domain: [0, 1] } : { nice: true }) },
    color: { domain: series, range: rangeOf(series.length), legend: true },
    marks: [
      Plot.lineY(points, {
        ...{ x: 'x', y: 'y', z: 'series', stroke: 'series', strokeWidth: 2 },
        curve: steps ? 'step-before' : 'linear',
      }),
      ...(steps
        ? []
        : [
            Plot.dot(points, { x: 'x', y: 'y', fill: 'series' }),
            errorBars(points, { x: 'x', stroke: 'series', of: ({ y }) => y }),
          ]),
    ],
  });
}

/** Lines from a value minus its error to the value plus it, with a tick at each end. */
function errorBars<T extends { error?: number | null }>(
  data: readonly T[],
  { of, ...channels }: { of: (datum: T) => number; x: string; fx?: string; stroke: string },
): Plot.RuleX {
  return Plot.ruleX(
    data.filter(({ error }) => error != null),
    {
      ...{ ...channels, strokeWidth: 1.5, marker: 'tick', className: 'error-bar' },
      y1: (datum: T) => of(datum) - datum.error!,
      y2: (datum: T) => of(datum) + datum.error!,
    },
  );
}

function top({ value, error }: Bar): number {
  return value + (error ?? 0);
}

function rangeOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => COLORS[i % COLORS.length]!);
}
