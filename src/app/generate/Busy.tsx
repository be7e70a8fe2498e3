import { Text } from '@mantine/core';
import { useStore } from 'zustand';
import { useLibrary } from '../hooks.ts';
import { dreamBoothStore, isLearning } from '../store/dreambooth.ts';
import { generationStore } from '../store/generationState.ts';
import { isRunning, trainingStore } from '../store/training.ts';

/** Why the generator cannot be asked for more now; null when it can. */
export function useBusy(want: 'learn' | 'draw'): string | null {
  const learning = useStore(dreamBoothStore, ({ run }) => (isLearning(run) ? run.subjectId : null));
  const drawing = useStore(generationStore, ({ phase, subjectId }) => (phase === 'idle' ? null : subjectId));
  const teaching = useStore(trainingStore, ({ run }) => (isRunning(run) ? run.subjectId : null));
  const subjects = useLibrary((state) => state.subjects);
  const name = (id: string) => subjects.find((subject) => subject.id === id)?.name ?? 'another subject';
  if (learning) return `It is learning ${name(learning)}. Stop that first, or wait.`;
  if (drawing) return `It is drawing for ${name(drawing)}. Cancel that first, or wait.`;
  if (teaching && want === 'learn')
    return `The encoder is being taught ${name(teaching)}. Stop that first, or wait.`;
  return null;
}

/** Says so under a button that is off. */
export function BusyNote({ reason }: { reason: string | null }) {
  return (
    reason && (
      <Text size="sm" c="dimmed">
        {reason}
      </Text>
    )
  );
}
