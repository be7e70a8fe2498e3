import { Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { precisionRecallCurve } from '../../evaluation/metrics/averagePrecision.ts';
import { barChart, lineChart } from '../../evaluation/report/charts.ts';
import { METRICS } from '../../evaluation/summary/cells.ts';
import { recipesOf, shiftsOf, summarize } from '../../evaluation/summary/compare.ts';
import type { EvaluatedRow } from '../store/evaluationResult.ts';
import { curveName } from './curveName.ts';
import { Plot } from './Plot.tsx';

/** Precision-recall curves of classification, and bars by shift where the test photos have shifts. */
export function Curves({ rows }: { rows: EvaluatedRow[] }) {
  const [metricId, setMetricId] = useState('prAuc');
  const shifts = shiftsOf(rows);
  const known = METRICS.filter(({ of }) =>
    rows.some(({ scores }) =>
      shifts.some((shift) => scores.shifts[shift] && of(scores.shifts[shift]) !== null),
    ),
  );
  const metric = known.find(({ id }) => id === metricId) ?? known[0];
  const curves = useCallback(
    (width: number) => {
      const points = rows.flatMap((row) =>
        precisionRecallCurve(
          row.records.map(({ score }) => score),
          row.records.map(({ owner }) => owner === row.subject),
        ).map(({ precision, recall }) => ({ x: recall, y: precision, series: curveName(row, rows) })),
      );
      return lineChart(points, { x: 'recall', y: 'precision' }, { width, steps: true, unit: true });
    },
    [rows],
  );
  const bars = useCallback(
    (width: number) => {
      const data = recipesOf(rows).flatMap((row) =>
        shiftsOf(rows).flatMap((group) => {
          const mean = metric ? summarize(rows, row, metric, group).mean : null;
          return mean === null ? [] : [{ group, row, value: mean }];
        }),
      );
      return barChart(data, metric?.name ?? '', width);
    },
    [rows, metric],
  );
  const judged = rows.some(({ scores }) => scores.overall.classification);
  if (!judged && !metric) return null;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      {judged && (
        <Stack gap="xs">
          <Text fw={600}>Classification: precision and recall</Text>
          <Plot label="Precision-recall curves" draw={curves} />
        </Stack>
      )}
      {metric && (
        <Stack gap="xs">
          <Select
            label="By how the test photos differ"
            size="xs"
            w={280}
            allowDeselect={false}
            value={metric.id}
            onChange={(value) => value && setMetricId(value)}
            data={known.map(({ id, task, name }) => ({ value: id, label: `${task}, ${name}` }))}
          />
          <Plot label={`${metric.task} by shift`} draw={bars} />
          <Text size="xs" c="dimmed">
            Each kind is scored among its own pictures and those of other things, so these are not parts of
            the numbers above.
          </Text>
        </Stack>
      )}
    </SimpleGrid>
  );
}
