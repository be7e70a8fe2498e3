import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { byteSize, duration } from '../format.ts';
import { type Curve, CurvePlot } from '../plots/CurvePlot.tsx';
import { RunControls } from '../RunControls.tsx';
import { RunHead } from '../RunHead.tsx';
import {
  isRunning,
  type LiveRun,
  pauseTraining,
  resumeTraining,
  stepTraining,
  stopTraining,
} from '../store/training.ts';
import { Gallery } from './Gallery.tsx';

const STAGES: Record<string, string> = {
  positives: 'Cutting out and pasting',
  views: 'Making views',
  prefix: 'Computing the frozen layers once',
};

/** A run while it goes and after: progress, controls, curves, gallery. */
export function RunView({ run }: { run: LiveRun }) {
  const { points, stage, settings, phase } = run;
  const step = points.at(-1)?.step ?? 0;
  const share = stage ? stage.done / stage.total : step / settings.steps;
  return (
    <Stack gap="sm">
      <RunHead
        headline={headline(run, step)}
        phase={phase}
        share={share}
        label={stage ? (STAGES[stage.name] ?? stage.name) : `Step ${step} of ${settings.steps}`}
        note={run.note}
        controls={
          isRunning(run) && (
            <RunControls
              what="Training"
              paused={phase === 'paused'}
              pause={pauseTraining}
              resume={resumeTraining}
              step={stepTraining}
              end={stopTraining}
              endLabel="Stop"
            />
          )
        }
      />
      {points.length > 0 && <Curves run={run} />}
      {points.length > 0 && isRunning(run) && (
        <Group gap="lg">
          <Figure name="Speed" value={`${run.imagesPerSecond.toFixed(1)} images/s`} />
          <Figure name="Time left" value={run.secondsLeft === null ? '–' : duration(run.secondsLeft)} />
          {run.memory && (
            <Figure
              name="GPU memory"
              value={`${byteSize(run.memory.used)} now, ${byteSize(run.memory.peak)} at most`}
            />
          )}
        </Group>
      )}
      <Gallery positives={run.positives} />
    </Stack>
  );
}

function headline(run: LiveRun, step: number): string {
  const { phase, stage, settings, seconds } = run;
  switch (phase) {
    case 'starting':
      return 'Getting ready …';
    case 'preparing':
      return stage
        ? `${STAGES[stage.name] ?? stage.name}: ${stage.done} of ${stage.total}`
        : 'Getting ready …';
    case 'training':
      return `Teaching: step ${step} of ${settings.steps}`;
    case 'paused':
      return `Paused at step ${step} of ${settings.steps}`;
    case 'finished':
      return `Taught in ${duration(seconds ?? 0)}. The adapter is stored and in use below.`;
    case 'stopped':
      return step > 0
        ? `Stopped at step ${step}. What it learned is stored.`
        : 'Stopped before the first step.';
    case 'failed':
      return 'The run failed.';
  }
}

function Curves({ run: { points } }: { run: LiveRun }) {
  const steps = points.map(({ step }) => step);
  const losses: Curve[] = [{ label: 'Loss', color: '#9a67c9', values: points.map(({ loss }) => loss) }];
  if (points.some(({ patchLoss }) => patchLoss !== null)) {
    losses.push(
      { label: 'Global', color: '#d98d0a', values: points.map(({ globalLoss }) => globalLoss), dashed: true },
      { label: 'Patch', color: '#2b9d8f', values: points.map(({ patchLoss }) => patchLoss), dashed: true },
    );
  }
  const accuracy: Curve[] = [
    {
      label: 'Ranked rightly',
      color: '#2b9d8f',
      values: points.map(({ rankingAccuracy }) => rankingAccuracy),
    },
  ];
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <CurvePlot title="Loss" steps={steps} curves={losses} />
      <CurvePlot title="Ranking accuracy" steps={steps} curves={accuracy} range={[0, 1.02]} />
    </SimpleGrid>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" ff="monospace">
        {value}
      </Text>
    </div>
  );
}
