import { Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { precisionRecallCurve } from '../../evaluation/metrics/averagePrecision.ts';
import { barChart, lineChart } from '../../evaluation/report/charts.ts';
import { METRICS } from '../../evaluation/summary/cells.ts';
import { recipesOf, shiftsOf, summarize } from '../../evaluation/summary/compare.ts';
import type { EvaluatedRow } from '../store/evaluation.ts';
import { Plot } from './Plot.tsx';

/** Precision-recall curves of classification, and bars by shift where the test photos have shifts. */
export function Curves({ rows }: { rows: EvaluatedRow[] }) {
  const [metricId, setMetricId] = useState('prAuc');
  const metric = METRICS.find(({ id }) => id === metricId)!;
  const shifts = shiftsOf(rows);
  const curves = useCallback(
    (width: number) => {
      const points = rows.flatMap(({ name, subject, records }) =>
        precisionRecallCurve(
          records.map(({ score }) => score),
          records.map(({ owner }) => owner === subject),
        ).map(({ precision, recall }) => ({ x: recall, y: precision, series: name })),
      );
      return lineChart(points, { x: 'recall', y: 'precision' }, { width, steps: true, unit: true });
    },
    [rows],
  );
  const bars = useCallback(
    (width: number) => {
      const data = recipesOf(rows).flatMap((row) =>
        shiftsOf(rows).flatMap((group) => {
          const { mean } = summarize(rows, row, metric, group);
          return mean === null ? [] : [{ group, row, value: mean }];
        }),
      );
      return barChart(data, metric.name, width);
    },
    [rows, metric],
  );
  const judged = rows.some(({ scores }) => scores.overall.classification);
  if (!judged && shifts.length === 0) return null;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      {judged && (
        <Stack gap="xs">
          <Text fw={600}>Classification: precision and recall</Text>
          <Plot label="Precision-recall curves" draw={curves} />
        </Stack>
      )}
      {shifts.length > 0 && (
        <Stack gap="xs">
          <Select
            label="By how the test photos differ"
            size="xs"
            w={280}
            allowDeselect={false}
            value={metricId}
            onChange={(value) => value && setMetricId(value)}
            data={METRICS.map(({ id, task, name }) => ({ value: id, label: `${task}, ${name}` }))}
          />
          <Plot label={`${metric.task} by shift`} draw={bars} />
          <Text size="xs" c="dimmed">
            Each shift is scored among its own pictures only, so these are not parts of the numbers above.
          </Text>
        </Stack>
      )}
    </SimpleGrid>
  );
}
