import { ScrollArea, Stack, Table, Text } from '@mantine/core';
import { METRICS, type Metric } from '../../evaluation/summary/cells.ts';
import { type Difference, recipesOf, summarize } from '../../evaluation/summary/compare.ts';
import type { EvaluationResult } from '../store/evaluationResult.ts';

/** Columns of the page; the downloaded file has every number. */
const SHOWN = ['prAuc', 'ndcg', 'mrr', 'boxMap', 'boxAp50', 'maskMap', 'meanIou', 'patchAp'];

/** Pretrained against each recipe: means over seeds, paired differences, what got worse as plainly as what got better. */
export function RowTable({
  result: { rows, otherSubjects },
  others,
}: {
  result: EvaluationResult;
  /** Other subjects that there are now. */
  others: number;
}) {
  const columns = METRICS.filter(
    (metric) => SHOWN.includes(metric.id) && rows.some(({ scores }) => metric.of(scores.overall) !== null),
  );
  const missing = [
    // Without any other subject, the panel has said so and offers one.
    ...(others === 0 || otherSubjects === 0 || rows.some(({ scores }) => scores.overall.retrieval)
      ? []
      : ['Retrieval needs training photos of a second subject; your other subjects have none.']),
    ...(rows.some(({ scores }) => scores.overall.classification)
      ? []
      : ['Classification needs test photos of something else.']),
    ...(rows.some(({ scores }) => scores.overall.detection)
      ? []
      : ['Detection and segmentation need masks on training and test photos.']),
  ];
  return (
    <Stack gap={6}>
      <ScrollArea type="auto" offsetScrollbars="x">
        <Table striped verticalSpacing={4} miw={720} className="row-table">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Encoder</Table.Th>
              {columns.map(({ id, task, name }) => (
                <Table.Th key={id}>
                  {task}
                  <Text size="xs" c="dimmed">
                    {name}
                  </Text>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {recipesOf(rows).map((recipe) => (
              <Table.Tr key={recipe}>
                <Table.Th>
                  {recipe}
                  <Text size="xs" c="dimmed">
                    {seedsOf(rows, recipe)}
                  </Text>
                </Table.Th>
                {columns.map((metric) => (
                  <Value key={metric.id} rows={rows} recipe={recipe} metric={metric} />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      <Text size="xs" c="dimmed">
        {rows[0]?.scores.overall.pictures} pictures; those of {otherSubjects} other{' '}
        {otherSubjects === 1 ? 'subject' : 'subjects'} count as negatives. mAP is COCO’s over IoU .50 to .95;
        a map makes one prediction a picture.
      </Text>
      {missing.map((text) => (
        <Text key={text} size="sm">
          {text}
        </Text>
      ))}
    </Stack>
  );
}

function Value({ rows, recipe, metric }: { rows: EvaluationResult['rows']; recipe: string; metric: Metric }) {
  const { mean, difference } = summarize(rows, recipe, metric);
  return (
    <Table.Td ff="monospace">
      {mean === null ? '–' : mean.toFixed(3)}
      {difference && <Change difference={difference} />}
    </Table.Td>
  );
}

function Change({ difference: { mean, standardError } }: { difference: Difference }) {
  const color = Math.abs(mean) < 5e-4 ? 'dimmed' : mean > 0 ? 'teal' : 'red';
  return (
    <Text size="xs" ff="monospace" c={color}>
      {mean < 0 ? '−' : '+'}
      {Math.abs(mean).toFixed(3)}
      {standardError !== null && ` ± ${standardError.toFixed(3)}`}
    </Text>
  );
}

function seedsOf(rows: EvaluationResult['rows'], recipe: string): string {
  const own = rows.filter((row) => row.recipe === recipe);
  if (own.length > 1) return `${own.length} adapters, mean`;
  return own[0]?.adapterId ? own[0].name : '';
}
