import {
  Alert,
  Button,
  Group,
  NumberInput,
  Progress,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Tooltip,
} from '@mantine/core';
import { IconSchool } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { instancePrompt } from '../../diffusion/captions/prompts.ts';
import { microBatch } from '../../diffusion/dreambooth/settings.ts';
import type { DreamBoothSettings } from '../../engine/generator/protocol.ts';
import { byteSize, duration } from '../format.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { PixelsCanvas } from '../PixelsCanvas.tsx';
import { CurvePlot } from '../plots/CurvePlot.tsx';
import { RunControls } from '../RunControls.tsx';
import {
  type DreamBoothLive,
  dreamBoothStore,
  isDreamBooth,
  isLearning,
  pauseDreamBooth,
  resumeDreamBooth,
  resumeDreamBoothRun,
  startDreamBooth,
  stopDreamBooth,
} from '../store/dreambooth.ts';
import { generationStore } from '../store/generation.ts';
import { discardRun, isRunning, trainingStore } from '../store/training.ts';
import { LoraPicker } from './LoraPicker.tsx';
import { MemoryNote } from './MemoryNote.tsx';

const STAGES: Record<string, string> = {
  views: 'Coding the photos',
  'class images': 'Drawing others of its kind, so that it does not forget them',
};

/** The learning half: DreamBooth on the photos, its samples on the way, the LoRAs it left. */
export function LearnView({ generatorId }: { generatorId: string }) {
  const { settings, run } = useStore(dreamBoothStore);
  const current = useLibrary((state) => state.current);
  const photos = useLibrary((state) => state.photos).filter(({ role }) => role === 'train');
  const unfinished = useLibrary((state) => state.runs).find(
    (record) => record.status !== 'finished' && isDreamBooth(record),
  );
  const making = useStore(generationStore, (state) => state.phase !== 'idle');
  const teaching = useStore(trainingStore, (state) => isRunning(state.run));
  const software = useEngine((state) => state.status?.adapter.software);
  const learning = isLearning(run);
  const shown = run?.subjectId === current?.id ? run : null;
  const blocked = learning || making || teaching || photos.length === 0;
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Settings settings={settings} disabled={learning} />
        <Button
          leftSection={<IconSchool size={18} />}
          disabled={blocked}
          onClick={() => startDreamBooth().catch((error) => notifyError('Learning could not start', error))}
        >
          Learn {current?.name}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        It learns that “{instancePrompt(current?.className ?? 'thing')}” is yours, from {photos.length}{' '}
        {photos.length === 1 ? 'photo' : 'photos'}.
      </Text>
      {!learning && <MemoryNote images={microBatch(software ?? true)} training />}
      {unfinished && !learning && (
        <Alert color="plum" variant="light" title="Learning did not finish">
          <Group justify="space-between" gap="sm">
            <Text size="sm">
              {unfinished.checkpointStep
                ? `It was saved at step ${unfinished.checkpointStep} of ${unfinished.totalSteps}.`
                : `It ended before its first checkpoint; it can start again from step 0 of ${unfinished.totalSteps}.`}
            </Text>
            <Group gap="xs">
              <Button
                size="xs"
                disabled={blocked}
                onClick={() =>
                  resumeDreamBoothRun(unfinished).catch((error) =>
                    notifyError('It could not be resumed', error),
                  )
                }
              >
                Resume
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() => discardRun(unfinished).catch((error) => notifyError('Discarding', error))}
              >
                Discard
              </Button>
            </Group>
          </Group>
        </Alert>
      )}
      {shown && <RunView run={shown} />}
      <LoraPicker generatorId={generatorId} disabled={learning || making} />
    </Stack>
  );
}

function Settings({ settings, disabled }: { settings: DreamBoothSettings; disabled: boolean }) {
  const change = (part: Partial<DreamBoothSettings>) =>
    dreamBoothStore.setState({ settings: { ...settings, ...part, preset: 'custom' } });
  return (
    <Group gap="sm" align="flex-end">
      <NumberInput
        label="Steps"
        w={90}
        size="xs"
        min={1}
        max={5000}
        disabled={disabled}
        value={settings.steps}
        onChange={(value) => Number(value) >= 1 && change({ steps: Math.round(Number(value)) })}
      />
      <NumberInput
        label="Learning rate"
        w={120}
        size="xs"
        min={0.000001}
        max={0.1}
        step={0.0001}
        decimalScale={6}
        disabled={disabled}
        value={settings.learningRate}
        onChange={(value) => Number(value) > 0 && change({ learningRate: Number(value) })}
      />
      <NumberInput
        label="LoRA rank"
        w={90}
        size="xs"
        min={1}
        max={128}
        disabled={disabled}
        value={settings.lora.rank}
        onChange={(value) => {
          const rank = Math.round(Number(value));
          if (rank >= 1) change({ lora: { ...settings.lora, rank, alpha: rank } });
        }}
      />
      <Tooltip label="Pictures of its class that the untuned generator draws; they keep it from taking every dog for yours.">
        <NumberInput
          label="Class pictures"
          w={110}
          size="xs"
          min={0}
          max={500}
          disabled={disabled}
          value={settings.prior?.images ?? 0}
          onChange={(value) => {
            const images = Math.round(Number(value));
            const prior = {
              weight: 1,
              steps: 20,
              guidance: 4,
              sampler: 'dpm++2m' as const,
              ...settings.prior,
            };
            change({ prior: images > 0 ? { ...prior, images } : null });
          }}
        />
      </Tooltip>
      <NumberInput
        label="Sample every"
        w={100}
        size="xs"
        min={0}
        max={5000}
        disabled={disabled}
        value={settings.validateEvery}
        onChange={(value) => change({ validateEvery: Math.max(0, Math.round(Number(value))) })}
      />
      <Tooltip label="The loss counts the object, not what is behind it. Needs masks.">
        <Switch
          label="Masked"
          size="sm"
          mb={6}
          disabled={disabled}
          checked={settings.masked}
          onChange={(event) => change({ masked: event.currentTarget.checked })}
        />
      </Tooltip>
    </Group>
  );
}

function RunView({ run }: { run: DreamBoothLive }) {
  const { points, stage, phase, stored, validations } = run;
  const step = points.at(-1)?.step ?? 0;
  const { steps } = stored.settings;
  const share = stage ? stage.done / Math.max(1, stage.total) : step / steps;
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Text fw={600} role="status" aria-live="polite">
          {headline(run, step)}
        </Text>
        {isLearning(run) && (
          <RunControls
            what="Learning"
            paused={phase === 'paused'}
            pause={pauseDreamBooth}
            resume={resumeDreamBooth}
            end={stopDreamBooth}
            endLabel="Stop"
          />
        )}
      </Group>
      <Progress
        value={100 * share}
        animated={phase === 'preparing' || phase === 'training'}
        color={phase === 'failed' ? 'red' : phase === 'finished' ? 'teal' : 'plum'}
        aria-label={stage ? (STAGES[stage.name] ?? stage.name) : `Step ${step} of ${steps}`}
      />
      {run.note && (
        <Alert color={phase === 'failed' ? 'red' : 'amber'} variant="light">
          {run.note}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {points.length > 0 && (
          <CurvePlot
            title="Denoising loss"
            steps={points.map((point) => point.step)}
            curves={[{ label: 'Loss', color: '#9a67c9', values: points.map(({ loss }) => loss) }]}
          />
        )}
        {validations.length > 0 && (
          <div>
            <Text size="sm" fw={600} mb={4}>
              The same seed as it learns
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

function headline({ phase, stage, stored, seconds }: DreamBoothLive, step: number): string {
  const { steps } = stored.settings;
  switch (phase) {
    case 'preparing':
      return stage
        ? `${STAGES[stage.name] ?? stage.name}: ${stage.done} of ${stage.total}`
        : 'Getting ready …';
    case 'training':
      return `Learning: step ${step} of ${steps}`;
    case 'paused':
      return `Paused at step ${step} of ${steps}`;
    case 'finished':
      return `Learned in ${duration(seconds ?? 0)}. The LoRA is stored and in use below.`;
    case 'stopped':
      return step > 0
        ? `Stopped at step ${step}. What it learned is stored.`
        : 'Stopped before the first step.';
    case 'failed':
      return 'Learning failed.';
  }
}
