import { Alert, Button, Group, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useEngine, useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { isDrawing } from '../store/drawingRecord.ts';
import { isDreamBooth } from '../store/dreambooth.ts';
import { discardRun, resumeRun } from '../store/training.ts';

/** Offers to continue the newest run that did not end by itself. */
export function ResumeOffer() {
  const runs = useLibrary((state) => state.runs);
  const encoder = useEngine((state) => state.encoder);
  const encoders = runs.filter((record) => !isDreamBooth(record) && !isDrawing(record));
  const run = encoders.find(({ status }) => status !== 'finished');
  if (!run) return null;
  const at = run.checkpointStep ?? 0;
  return (
    <Alert icon={<IconHistory />} color="plum" variant="light" title="A run did not finish">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {at > 0
            ? `It was saved at step ${at} of ${run.totalSteps} on ${new Date(run.updatedAt).toLocaleString()}.`
            : `It ended before its first checkpoint; it can start again from step 0 of ${run.totalSteps}.`}
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            disabled={!encoder}
            onClick={() =>
              resumeRun(run).catch((error) => notifyError('The run could not be resumed', error))
            }
          >
            Resume
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              discardRun(run).catch((error) => notifyError('The run could not be discarded', error))
            }
          >
            Discard
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
