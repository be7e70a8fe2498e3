import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconSchool } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { fillSubject } from '../../diffusion/captions/prompts.ts';
import { microBatch } from '../../diffusion/dreambooth/settings.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import {
  dreamBoothStore,
  isDreamBooth,
  isLearning,
  resumeDreamBoothRun,
  startDreamBooth,
  takeSettings,
} from '../store/dreambooth.ts';
import { generationStore } from '../store/generation.ts';
import { generatorStore } from '../store/generator.ts';
import { discardRun, isRunning, trainingStore } from '../store/training.ts';
import { LearnRun, PastRun } from './LearnRun.tsx';
import { LearnSettings } from './LearnSettings.tsx';
import { LoraPicker } from './LoraPicker.tsx';
import { MemoryNote } from './MemoryNote.tsx';

/** The learning half: DreamBooth on the photos, its samples on the way, the LoRAs it left. */
export function LearnView({ generatorId }: { generatorId: string }) {
  const { run, settings } = useStore(dreamBoothStore);
  const current = useLibrary((state) => state.current);
  const photos = useLibrary((state) => state.photos).filter(({ role }) => role === 'train');
  const runs = useLibrary((state) => state.runs).filter(isDreamBooth);
  const unfinished = runs.find(({ status }) => status !== 'finished');
  const past = runs.find(({ step }) => step > 0);
  const making = useStore(generationStore, (state) => state.phase !== 'idle');
  const teaching = useStore(trainingStore, (state) => isRunning(state.run));
  const software = useEngine((state) => state.status?.adapter.software);
  const learning = isLearning(run);
  const shown = run?.subjectId === current?.id ? run : null;
  const learnsToken = useStore(generatorStore, ({ info }) => info?.learnsToken ?? false);
  const wordless = settings.tokenLearningRate !== null && !learnsToken;
  const blocked = learning || making || teaching || photos.length === 0 || wordless;
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <LearnSettings disabled={learning} />
        <Button
          leftSection={<IconSchool size={18} />}
          disabled={blocked}
          onClick={() => startDreamBooth().catch((error) => notifyError('Learning could not start', error))}
        >
          Learn {current?.name}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        It learns that “{fillSubject('{subject}', current?.className ?? 'thing')}” is yours, from{' '}
        {photos.length} {photos.length === 1 ? 'photo' : 'photos'}.
      </Text>
      {wordless && (
        <Alert color="amber" variant="light">
          <Group justify="space-between" gap="sm">
            <Text size="sm" flex="1 1 220px">
              To learn {'<new1>'} itself, the generator’s folder must have text_encoder/model.safetensors:
              through ONNX nothing can be learned.
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => takeSettings({ ...settings, tokenLearningRate: null })}
            >
              Learn without it
            </Button>
          </Group>
        </Alert>
      )}
      {!learning && (
        <MemoryNote
          images={microBatch(settings, software ?? true)}
          training
          fewer={(images) => {
            const count = 2 ** Math.floor(Math.log2(images));
            return {
              label: `Learn from ${count} at a time`,
              apply: () => takeSettings({ ...settings, microBatch: count }),
            };
          }}
        />
      )}
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
      {shown && <LearnRun run={shown} />}
      {!shown && past && <PastRun record={past} />}
      <LoraPicker generatorId={generatorId} disabled={learning || making} />
    </Stack>
  );
}
