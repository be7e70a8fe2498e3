import { Button, CloseButton, Group, List, Progress, Stack, Text } from '@mantine/core';
import { useStore } from 'zustand';
import { cancelImport, photosStore } from '../store/photos.ts';

const COLORS = {
  added: 'dimmed',
  duplicate: 'amber',
  refused: 'red',
  cancelled: 'dimmed',
  'left out': 'dimmed',
} as const;

/** Progress of an import, and what is to be said of single files. */
export function ImportReport() {
  const { importing, reports } = useStore(photosStore);
  if (!importing && reports.length === 0) return null;
  return (
    <Stack gap="xs" data-testid="import-report">
      {importing && (
        <Group gap="sm" wrap="nowrap">
          <Progress
            flex={1}
            value={(100 * importing.done) / importing.total}
            animated
            aria-label={`${importing.done} of ${importing.total} files read`}
          />
          <Text size="sm">
            {importing.done} of {importing.total}
          </Text>
          <Button size="compact-sm" variant="default" onClick={cancelImport}>
            Cancel
          </Button>
        </Group>
      )}
      {reports.length > 0 && (
        <Group align="flex-start" justify="space-between" wrap="nowrap">
          <List size="sm" spacing={4} role="log" aria-label="Results of the import">
            {reports.map(({ fileName, kind, text }) => (
              <List.Item key={`${fileName} ${text}`}>
                <Text span size="sm" fw={600}>
                  {fileName}
                </Text>{' '}
                <Text span size="sm" c={COLORS[kind]}>
                  {withoutName(fileName, text)}
                </Text>
              </List.Item>
            ))}
          </List>
          <CloseButton aria-label="Close the results" onClick={() => photosStore.setState({ reports: [] })} />
        </Group>
      )}
    </Stack>
  );
}

/** Messages begin with the file's name, which is shown in bold before them. */
function withoutName(fileName: string, text: string): string {
  return text.startsWith(fileName) ? text.slice(fileName.length).trim() : text;
}
