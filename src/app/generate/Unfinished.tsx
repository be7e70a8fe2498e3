import { Alert, Button, Group, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RunRecord } from '../../library/types.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { type DrawingJob, isDrawing, progressOf } from '../store/drawingRecord.ts';
import { dreamBoothStore, isDreamBooth, isLearning, resumeDreamBoothRun } from '../store/dreambooth.ts';
import { resumeGeneration } from '../store/generation.ts';
import { generationStore } from '../store/generationState.ts';
import { generatorStore, loadGenerator } from '../store/generator.ts';
import { discardRun, isRunning, trainingStore } from '../store/training.ts';

/** Runs of the open subject's generator that a reload or an error cut short, newest first. */
export function useUnfinished(): { learning: RunRecord | undefined; drawing: RunRecord | undefined } {
  const runs = useLibrary((state) => state.runs).filter(({ status }) => status !== 'finished');
  // A run that ended well is on its way into the library.
  const learningId = useStore(dreamBoothStore, ({ run }) =>
    run && !['failed', 'stopped'].includes(run.phase) ? run.record.id : null,
  );
  const drawingId = useStore(generationStore, ({ runId }) => runId);
  return {
    learning: runs.find((run) => isDreamBooth(run) && run.id !== learningId),
    drawing: runs.find((run) => isDrawing(run) && run.id !== drawingId),
  };
}

/** Offers to go on with what was cut short, and loads the generator for it where that is away. */
export function Unfinished() {
  const { learning, drawing } = useUnfinished();
  return (
    <>
      {learning && (
        <Offer
          title={learning.status === 'stopped' ? 'Learning was stopped' : 'Learning did not finish'}
          run={learning}
          text={
            learning.checkpointStep
              ? `It was saved at step ${learning.checkpointStep} of ${learning.totalSteps}.`
              : `It ended before its first checkpoint; it can start again from step 0 of ${learning.totalSteps}.`
          }
          resume={resumeDreamBoothRun}
        />
      )}
      {drawing && (
        <Offer
          title="Drawing did not finish"
          run={drawing}
          text={`${progressOf(drawing).made.length} of ${drawing.totalSteps} pictures are made.${drawing.error ? ` ${drawing.error}` : ''}`}
          resume={resumeGeneration}
        />
      )}
    </>
  );
}

function Offer({
  title,
  text,
  run,
  resume,
}: {
  title: string;
  text: string;
  run: RunRecord;
  resume: (run: RunRecord) => Promise<void>;
}) {
  const { info, loading } = useStore(generatorStore);
  const engine = useEngine((state) => state.engine);
  const learning = useStore(dreamBoothStore, (state) => isLearning(state.run));
  const drawing = useStore(generationStore, ({ phase }) => phase !== 'idle');
  const teaching = useStore(trainingStore, (state) => isRunning(state.run));
  const { generatorId } = run.settings as Pick<DrawingJob, 'generatorId'>;
  const loaded = info?.id === generatorId;
  const loadable = loaded || generatorId === 'embedded';
  const blocked = !engine || loading !== null || learning || drawing || teaching || !loadable;
  const go = async (): Promise<void> => {
    if (!loaded) await loadGenerator({ kind: 'embedded' });
    await resume(run);
  };
  return (
    <Alert icon={<IconHistory />} color="plum" variant="light" title={title}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex="1 1 220px">
          {text}
          {!loadable && ` Load the generator ${generatorId} again to go on.`}
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            disabled={blocked}
            onClick={() => go().catch((error) => notifyError('It could not be resumed', error))}
          >
            {loaded || !loadable ? 'Resume' : 'Load the generator and resume'}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => discardRun(run).catch((error) => notifyError('Discarding', error))}
          >
            Discard
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
