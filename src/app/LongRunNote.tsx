import { Alert, Text } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { roughDuration } from './format.ts';
import { useEngine } from './hooks.ts';
import { paceOf, paceStore, type Work } from './store/pace.ts';

/** Runs that take longer are told of beforehand. */
const LONG_SECONDS = 30 * 60;

/**
 * Says about how long a run will take on what computes, where that is long and something is known of it.
 * @param units of the work
 * @param shorter what would take less
 */
export function LongRunNote({ work, units, shorter }: { work: Work; units: number; shorter: string }) {
  const compute = useEngine((state) => state.status?.compute);
  const known = useStore(paceStore);
  const pace = compute && paceOf(work, compute, known);
  if (!pace || pace.seconds * units < LONG_SECONDS) return null;
  return (
    <Alert icon={<IconClock />} color="amber" variant="light" p="xs">
      <Text size="sm">
        This will take about {roughDuration(pace.seconds * units)} on this machine,{' '}
        {pace.measured
          ? 'going by what was measured here before.'
          : 'going by how fast it multiplies matrices; it is measured as it goes.'}{' '}
        {shorter}
      </Text>
    </Alert>
  );
}
