import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconChartBar, IconDownload, IconInfoCircle } from '@tabler/icons-react';
import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { duration } from '../format.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { saveBlob } from '../saveBlob.ts';
import { Section } from '../shell/Section.tsx';
import {
  cancelEvaluation,
  evaluableAdapters,
  evaluate,
  evaluationSignature,
  evaluationStore,
  openEvaluation,
} from '../store/evaluation.ts';
import { rowsThatStay } from '../store/evaluationResult.ts';
import { isRunning, trainingStore } from '../store/training.ts';
import { HardPictures } from './HardPictures.tsx';
import { RealOnly } from './RealOnly.tsx';
import { RowTable } from './RowTable.tsx';
import { SecondSubject } from './SecondSubject.tsx';
import './evaluate.css';

/** Plots come with a library of their own, which most visits do not need. */
const Curves = lazy(async () => ({ default: (await import('./Curves.tsx')).Curves }));

/** Step 5: the four tasks of the paper, pretrained against every adapter of the subject. */
export function EvaluatePanel() {
  const { result, progress, error, others: photosOfOthers } = useStore(evaluationStore);
  const current = useLibrary((state) => state.current);
  const photos = useLibrary((state) => state.photos);
  const maskVersion = useLibrary((state) => state.maskVersion);
  const others = useLibrary((state) => state.subjects.length) - 1;
  const encoder = useEngine((state) => state.encoder);
  const training = useStore(trainingStore, (state) => isRunning(state.run));
  const tests = photos.filter(({ role, isSubject }) => role === 'test' && isSubject !== false);
  const negatives = photos.filter(({ role, isSubject }) => role === 'test' && isSubject === false);
  const hasTraining = photos.some(({ role }) => role === 'train');
  const masked = tests.filter(({ id }) => maskVersion[id] !== undefined).length;
  const taught = encoder ? evaluableAdapters() : [];
  const adapters = taught.length;
  const shown = result?.rows.length ? result : null;
  const signature = encoder ? evaluationSignature() : '';
  const stale = result && encoder && result.signature !== signature;
  const ready = encoder ? rowsThatStay(result, signature, taught).length : 0;
  const missing = result && !stale ? adapters + 1 - ready : 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once a subject is opened
  useEffect(() => {
    if (current) void openEvaluation(current.id);
    return cancelEvaluation;
  }, [current?.id]);

  return (
    <Section
      step={5}
      title="Evaluate"
      hint="Does it work? Classification, retrieval, detection and segmentation on the test photos, without training anything for them."
      controls={
        shown && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={16} />}
            onClick={() => download(current?.name ?? 'subject')}
          >
            Scores as JSON
          </Button>
        )
      }
    >
      {tests.length === 0 || !hasTraining ? (
        <Alert icon={<IconInfoCircle />} color="gray" title="No test photos yet">
          Add photos of {current?.name} that the encoder has not been taught from, as test photos. Photos of
          other things among them, or a second subject, show whether it is told apart.
        </Alert>
      ) : (
        <Stack gap="md">
          <Group justify="space-between" gap="sm">
            <Text size="sm" c="dimmed" flex="1 1 320px">
              {tests.length} test {tests.length === 1 ? 'photo' : 'photos'} of {current?.name} ({masked} with
              a mask), {negatives.length} of look-alikes
              {others > 0 && ', and the test photos of your other subjects'}.{' '}
              {adapters === 0
                ? 'Teach the encoder first to have something to compare it with.'
                : `${adapters} ${adapters === 1 ? 'adapter' : 'adapters'} to compare with the pretrained encoder.`}
            </Text>
            {progress ? (
              <Button size="xs" variant="default" onClick={cancelEvaluation}>
                Cancel
              </Button>
            ) : (
              <Button
                leftSection={<IconChartBar size={18} />}
                disabled={!encoder || training}
                onClick={() => void evaluate()}
              >
                {!result ? 'Evaluate' : missing > 0 ? 'Evaluate the rest' : 'Evaluate again'}
              </Button>
            )}
          </Group>
          <RealOnly adapters={taught} disabled={training || progress !== null} />
          {current && others === 0 && <SecondSubject current={current} disabled={progress !== null} />}
          {progress && (
            <Stack gap={4}>
              <Progress
                value={progress.total ? (100 * progress.done) / progress.total : 0}
                aria-label={`${progress.done} of ${progress.total} pictures judged`}
                animated
              />
              <Text size="xs" c="dimmed">
                {progress.total === 0
                  ? 'Reading the photos …'
                  : `${progress.row}: ${progress.done} of ${progress.total} pictures`}
                {progress.secondsLeft !== null && `, about ${duration(progress.secondsLeft)} left`}
              </Text>
            </Stack>
          )}
          {missing > 0 && !progress && (
            <Text size="sm">
              {ready} of {adapters + 1} rows are done
              {result?.begun && `, and ${result.begun.records.length} pictures of the next`}. What is done is
              not judged again.
            </Text>
          )}
          {error && (
            <Alert color="red" title="The evaluation stopped">
              {error}
            </Alert>
          )}
          {stale && !progress && (
            <Alert color="yellow" icon={<IconInfoCircle />}>
              Photos, masks, other subjects or the encoder have changed since these scores were made. Evaluate
              again.
            </Alert>
          )}
          {shown && (
            <>
              <RowTable result={shown} others={others} />
              <Suspense fallback={null}>
                <Curves rows={shown.rows} />
              </Suspense>
              <HardPictures rows={shown.rows} photos={[...photos, ...photosOfOthers]} />
            </>
          )}
        </Stack>
      )}
    </Section>
  );
}

function download(name: string): void {
  const { result } = evaluationStore.getState();
  const rows = result?.rows.map(({ maps: _, ...row }) => row);
  const json = JSON.stringify({ ...result, rows, begun: undefined }, null, 2);
  saveBlob(new Blob([json], { type: 'application/json' }), `${name} evaluation.json`);
}
