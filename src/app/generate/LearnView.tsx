import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconSchool } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { microBatch } from '../../diffusion/dreambooth/settings.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { LongRunNote } from '../LongRunNote.tsx';
import { notifyError } from '../notify.ts';
import {
  dreamBoothStore,
  isDreamBooth,
  isLearning,
  startDreamBooth,
  takeSettings,
} from '../store/dreambooth.ts';
import { generationStore } from '../store/generationState.ts';
import { generatorStore } from '../store/generator.ts';
import { learningWork } from '../store/workload.ts';
import { useClassImageCount } from '../useClassImageCount.ts';
import { BusyNote, useBusy } from './Busy.tsx';
import { ClassWordHint } from './ClassWordHint.tsx';
import { GeneratorMemory } from './GeneratorMemory.tsx';
import { LearnRun, PastRun } from './LearnRun.tsx';
import { LearnSettings } from './LearnSettings.tsx';
import { LoraPicker } from './LoraPicker.tsx';
import { learnText } from './learnText.ts';

/** The learning half: DreamBooth on the photos, its samples on the way, the LoRAs it left. */
export function LearnView({ generatorId }: { generatorId: string }) {
  const { run, settings } = useStore(dreamBoothStore);
  const current = useLibrary((state) => state.current);
  const photos = useLibrary((state) => state.photos).filter(({ role }) => role === 'train');
  const runs = useLibrary((state) => state.runs).filter(isDreamBooth);
  const past = runs.find(({ step }) => step > 0);
  const making = useStore(generationStore, (state) => state.phase !== 'idle');
  const busy = useBusy('learn');
  const classImages = useClassImageCount();
  const maskVersion = useLibrary((state) => state.maskVersion);
  const masks = photos.filter(({ id }) => maskVersion[id] !== undefined).length;
  const onCpu = useEngine((state) => state.status?.compute.traits.onCpu);
  const learning = isLearning(run);
  // A run of another subject is shown as long as it goes: it can be paused and stopped from here too.
  const shown = run?.subjectId === current?.id || learning ? run : null;
  const learnsToken = useStore(generatorStore, ({ info }) => info?.learnsToken ?? false);
  const wordless = settings.tokenLearningRate !== null && !learnsToken;
  const blocked = busy !== null || photos.length === 0 || wordless;
  return (
    <Stack gap="sm" role="group" aria-label="Learn the subject">
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
        {learnText({
          className: current?.className ?? 'thing',
          ...{ photos: photos.length, masks, classImages, settings },
        })}
      </Text>
      {!(learning && shown?.subjectId === current?.id) && <BusyNote reason={busy} />}
      <ClassWordHint generatorId={generatorId} />
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
        <LongRunNote
          work={{ kind: 'unet', generatorId }}
          units={learningWork(settings, classImages)}
          shorter={
            settings.prior
              ? 'Fewer steps and class pictures take less.'
              : 'Fewer steps and samples on the way take less.'
          }
        />
      )}
      {!learning && (
        <GeneratorMemory
          images={microBatch(settings, onCpu ?? true)}
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
      {shown && <LearnRun run={shown} />}
      {!shown && past && <PastRun record={past} />}
      <LoraPicker generatorId={generatorId} disabled={learning || making} learnDisabled={blocked} />
    </Stack>
  );
}
