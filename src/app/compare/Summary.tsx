import { Button, Group, Progress, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { useStore } from 'zustand';
import { cancelSummary, compareStore, selectPhoto, summarize } from '../store/compare.ts';
import { libraryStore } from '../store/library.ts';
import { signed } from './ScoreChange.tsx';
import { type SummaryKey, summaryColumn } from './summaryColumn.ts';

const COLUMNS: { key: SummaryKey; title: string }[] = [
  { key: 'score', title: 'Similarity' },
  { key: 'patchAp', title: 'Patch AP' },
  { key: 'iou', title: 'Mask IoU' },
];

/** All test photos in numbers: before, after, and how many got worse. */
export function Summary() {
  const summary = useStore(compareStore, (state) => state.summary);
  const rows = summary?.rows ?? [];
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>All test photos</Text>
        {summary?.running ? (
          <Button size="xs" variant="default" onClick={cancelSummary}>
            Cancel
          </Button>
        ) : (
          <Button size="xs" variant="light" onClick={() => void summarize()}>
            {rows.length ? 'Score again' : 'Score all photos'}
          </Button>
        )}
      </Group>
      {summary?.running && (
        <Progress
          value={(100 * summary.done) / summary.total}
          aria-label={`${summary.done} of ${summary.total} photos`}
          animated
        />
      )}
      {rows.length > 0 && (
        <ScrollArea type="auto">
          <Table striped highlightOnHover verticalSpacing={4} miw={520}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Photo</Table.Th>
                {COLUMNS.map(({ key, title }) => (
                  <Table.Th key={key}>{title}: before → after</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.photoId} onClick={() => open(row.photoId)} style={{ cursor: 'pointer' }}>
                  <Table.Td>
                    {row.name}
                    {!row.isSubject && ' (sibling)'}
                  </Table.Td>
                  {COLUMNS.map(({ key }) => (
                    <Cell
                      key={key}
                      before={row.maps.pretrained?.[key]}
                      after={row.maps.personalized?.[key]}
                      better={key === 'score' && !row.isSubject ? -1 : 1}
                    />
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
            <Table.Tfoot>
              <Table.Tr>
                <Table.Th>Mean of your subject’s photos</Table.Th>
                {COLUMNS.map(({ key }) => {
                  const { before, after, worse, count } = summaryColumn(rows, key);
                  return (
                    <Table.Th key={key}>
                      {before === null ? '–' : before.toFixed(3)}
                      {after !== null &&
                        before !== null &&
                        ` → ${after.toFixed(3)} (${signed(after - before)})`}
                      {after !== null && (
                        <Text size="xs" c={worse ? 'red' : 'dimmed'}>
                          {worse} of {count} got worse
                        </Text>
                      )}
                    </Table.Th>
                  );
                })}
              </Table.Tr>
            </Table.Tfoot>
          </Table>
        </ScrollArea>
      )}
    </Stack>
  );
}

function Cell({
  before,
  after,
  better,
}: {
  before: number | null | undefined;
  after: number | null | undefined;
  better: 1 | -1;
}) {
  if (before === null || before === undefined) return <Table.Td>–</Table.Td>;
  if (after === null || after === undefined) return <Table.Td ff="monospace">{before.toFixed(3)}</Table.Td>;
  const change = after - before;
  return (
    <Table.Td ff="monospace">
      {before.toFixed(3)} → {after.toFixed(3)}{' '}
      <Text span inherit c={change * better < -0.0005 ? 'red' : change * better > 0.0005 ? 'teal' : 'dimmed'}>
        {signed(change)}
      </Text>
    </Table.Td>
  );
}

function open(photoId: string): void {
  const photo = libraryStore.getState().photos.find(({ id }) => id === photoId);
  if (photo) selectPhoto(photo);
}
