import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

/** One line of a plot. */
export interface Curve {
  label: string;
  color: string;
  values: (number | null)[];
  dashed?: boolean;
}

/** Height in pixels. */
const HEIGHT = 180;

/** Distances of marks on the axis of steps, which are whole: 1, 2, 5, 10 … */
const STEP_INCREMENTS = Array.from({ length: 21 }, (_, i) => [1, 2, 5][i % 3]! * 10 ** Math.floor(i / 3));

/** Lines over steps; follows its container's width and the colour scheme. */
export function CurvePlot({
  title,
  steps,
  curves,
  range,
}: {
  title: string;
  steps: number[];
  curves: Curve[];
  /** Fixed ends of the vertical axis. */
  range?: [number, number];
}) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  const shape = curves.map(({ label, color }) => `${label}${color}`).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: data goes in by the effect below
  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const ink = scheme === 'dark' ? '#c9c2d3' : '#5b5266';
    const grid = scheme === 'dark' ? '#3a3145' : '#eae4f0';
    const axis = {
      stroke: ink,
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
      font: '11px system-ui',
    };
    const made = new uPlot(
      {
        width: element.clientWidth || 300,
        height: HEIGHT,
        legend: { live: true },
        cursor: { y: false },
        scales: { x: { time: false }, ...(range ? { y: { range } } : {}) },
        axes: [
          { ...axis, size: 28, incrs: STEP_INCREMENTS },
          { ...axis, size: 44 },
        ],
        series: [
          { label: 'Step' },
          ...curves.map(({ label, color, dashed }) => ({
            label,
            stroke: color,
            width: 2,
            points: { size: 4 },
            ...(dashed ? { dash: [6, 4] } : {}),
            value: (_: uPlot, value: number | null) => (value === null ? '–' : value.toFixed(3)),
          })),
        ],
      },
      [steps, ...curves.map(({ values }) => values)],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [scheme, shape]);

  useEffect(() => {
    plot.current?.setData([steps, ...curves.map(({ values }) => values)]);
  }, [steps, curves]);

  const last = curves
    .map(({ label, values }) => `${label} ${values.at(-1)?.toFixed(3) ?? 'none'}`)
    .join(', ');
  return <div ref={container} role="img" aria-label={`${title} over ${steps.length} steps: ${last}`} />;
}
