import { Alert, Group, Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What long work is doing, its controls, how far it is, and what the user should know of it. */
export function RunHead({
  headline,
  phase,
  share,
  label,
  note,
  controls,
}: {
  headline: string;
  phase: string;
  /** 0 to 1. */
  share: number;
  /** For screen readers. */
  label: string;
  note: string | null;
  controls: ReactNode;
}) {
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Text fw={600} role="status" aria-live="polite">
          {headline}
        </Text>
        {controls}
      </Group>
      <Progress
        value={100 * share}
        animated={phase === 'preparing' || phase === 'training'}
        color={phase === 'failed' ? 'red' : phase === 'finished' ? 'teal' : 'plum'}
        aria-label={label}
      />
      {note && (
        <Alert color={phase === 'failed' ? 'red' : 'amber'} variant="light">
          {note}
        </Alert>
      )}
    </>
  );
}
