import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { DreamBoothPoint } from '../../engine/generator/protocol.ts';
import type { RunRecord } from '../../library/types.ts';
import { byteSize, duration } from '../format.ts';
import { useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { PixelsCanvas } from '../PixelsCanvas.tsx';
import { CurvePlot } from '../plots/CurvePlot.tsx';
import { runningMean } from '../plots/runningMean.ts';
import { RunControls } from '../RunControls.tsx';
import { RunHead } from '../RunHead.tsx';
import {
  type DreamBoothLive,
  isLearning,
  pauseDreamBooth,
  resumeDreamBooth,
  stopDreamBooth,
} from '../store/dreambooth.ts';
import { storedSamples, type Validation } from '../store/dreamboothSamples.ts';

/** One step's loss says little: it is of one noise level in a thousand. */
const MEAN_STEPS = 25;

const STAGES: Record<string, string> = {
  views: 'Coding the photos',
  'class images': 'Drawing others of its kind, so that it does not forget them',
};

/** A run while it goes and after: progress, controls, loss, samples. */
export function LearnRun({ run }: { run: DreamBoothLive }) {
  const { points, stage, phase, stored, validations, subjectId } = run;
  const elsewhere = useLibrary(({ current, subjects }) =>
    current?.id === subjectId ? undefined : subjects.find(({ id }) => id === subjectId)?.name,
  );
  const step = points.at(-1)?.step ?? 0;
  const { steps } = stored.settings;
  const share = stage ? stage.done / Math.max(1, stage.total) : step / steps;
  return (
    <Stack gap="sm">
      <RunHead
        headline={`${elsewhere ? `${elsewhere}: ` : ''}${headline(run, step)}`}
        phase={phase}
        share={share}
        label={stage ? (STAGES[stage.name] ?? stage.name) : `Step ${step} of ${steps}`}
        note={run.note}
        controls={
          isLearning(run) && (
            <RunControls
              what="Learning"
              paused={phase === 'paused'}
              pause={pauseDreamBooth}
              resume={resumeDreamBooth}
              end={stopDreamBooth}
              endLabel="Stop"
            />
          )
        }
      />
      <Curves points={points} validations={validations} />
      {isLearning(run) && run.secondsLeft !== null && (
        <Text size="sm" c="dimmed">
          {duration(run.secondsLeft)} left
          {run.memory &&
            ` · GPU memory ${byteSize(run.memory.used)} now, ${byteSize(run.memory.peak)} at most`}
        </Text>
      )}
    </Stack>
  );
}

/** The newest run of an earlier visit: its loss and its samples. */
export function PastRun({ record }: { record: RunRecord }) {
  const [validations, setValidations] = useState<Validation[]>([]);
  useEffect(() => {
    let gone = false;
    storedSamples(record).then(
      (samples) => gone || setValidations(samples),
      (error) => notifyError('The samples could not be read', error),
    );
    return () => {
      gone = true;
    };
  }, [record]);
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        Learned before: {record.step} of {record.totalSteps} steps,{' '}
        {new Date(record.createdAt).toLocaleString()}
      </Text>
      <Curves points={record.history as DreamBoothPoint[]} validations={validations} />
    </Stack>
  );
}

function Curves({ points, validations }: { points: DreamBoothPoint[]; validations: Validation[] }) {
  const losses = points.map(({ loss }) => loss);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {points.length > 0 && (
        <CurvePlot
          title="Denoising loss"
          steps={points.map((point) => point.step)}
          curves={[
            // Seen on light and on dark alike, and the mean above the single losses on both.
            { label: 'Loss', color: 'rgb(154 103 201 / 40%)', values: losses },
            { label: `Mean of ${MEAN_STEPS}`, color: '#9a67c9', values: runningMean(losses, MEAN_STEPS) },
          ]}
        />
      )}
      {validations.length > 0 && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            The same seed as it learns
          </Text>
          <Text size="xs" c="dimmed" mb={4}>
            {validations[0]!.prompt}
          </Text>
          <Group gap={8}>
            {validations.map(({ step: at, pixels, prompt }) => (
              <Stack key={at} gap={2} align="center">
                <PixelsCanvas
                  pixels={pixels}
                  label={`${prompt} after ${at} steps`}
                  className="gallery-picture"
                />
                <Text size="xs" c="dimmed">
                  {at === 0 ? 'before' : `step ${at}`}
                </Text>
              </Stack>
            ))}
          </Group>
        </div>
      )}
    </SimpleGrid>
  );
}

function headline({ phase, stage, stored, seconds }: DreamBoothLive, step: number): string {
  const { steps } = stored.settings;
  switch (phase) {
    case 'preparing':
      return stage
        ? `${STAGES[stage.name] ?? stage.name}: ${stage.done} of ${stage.total}${stage.secondsLeft ? ` · ${duration(stage.secondsLeft)} left, then it learns` : ''}`
        : 'Getting ready …';
    case 'training':
      return `Learning: step ${step} of ${steps}`;
    case 'paused':
      return `Paused at step ${step} of ${steps}`;
    case 'finished':
      return `Learned in ${duration(seconds ?? 0)}. The LoRA is stored and in use below.`;
    case 'stopped':
      return step > 0
        ? `Stopped at step ${step}. What it learned is stored; it can go on from there.`
        : 'Stopped before the first step.';
    case 'failed':
      return 'Learning failed.';
  }
}
