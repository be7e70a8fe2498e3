import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustments, IconInfoCircle, IconSparkles } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { PRESETS } from '../../personalize/presets.ts';
import { type TrainingSettings, usesCutPaste } from '../../personalize/settings.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { Section } from '../shell/Section.tsx';
import { applyNewest } from '../store/adapters.ts';
import { isGeneratorLora } from '../store/generatorLoras.ts';
import { isKeptPicture } from '../store/library.ts';
import { bundledSamples } from '../store/negatives.ts';
import { isRunning, startTraining, trainingStore, withoutMasks } from '../store/training.ts';
import { useClassImageCount } from '../useClassImageCount.ts';
import { AdapterList } from './AdapterList.tsx';
import { BeforeTeaching } from './BeforeTeaching.tsx';
import { PresetPicker } from './PresetPicker.tsx';
import { ResumeOffer } from './ResumeOffer.tsx';
import { RunView } from './RunView.tsx';
import { SettingsDrawer } from './SettingsDrawer.tsx';
import './train.css';

/** Step 3: choose a recipe and teach the encoder. */
export function TrainPanel() {
  const { settings, run } = useStore(trainingStore);
  const current = useLibrary((state) => state.current);
  const photos = useLibrary((state) => state.photos);
  const maskVersion = useLibrary((state) => state.maskVersion);
  const adapters = useLibrary((state) => state.adapters).filter((adapter) => !isGeneratorLora(adapter));
  const encoder = useEngine((state) => state.encoder);
  const problem = useEngine((state) => state.problem);
  const [drawer, { open, close }] = useDisclosure(false);
  const training = photos.filter(({ role }) => role === 'train');
  const masked = training.filter(({ id }) => maskVersion[id] !== undefined).length;
  const running = isRunning(run);
  const shown = run?.subjectId === current?.id ? run : null;
  const used = withoutMasks(settings);
  const generated = photos.filter(isKeptPicture).length;
  const drawnOthers = useClassImageCount();
  const ownNegatives = photos.filter(({ role }) => role === 'negative').length;
  const bundled = useBundledNegatives();
  const counts = {
    ...{ real: training.length, generated },
    cutpaste: usesCutPaste(used) && masked > 0 ? used.cutPasteCount : 0,
    negative: ownNegatives + bundled + (opposesItsKind(used) ? drawnOthers : 0),
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once the encoder and the subject's adapters are known
  useEffect(() => {
    if (encoder && !running)
      applyNewest().catch((error) => notifyError('The adapter could not be used', error));
  }, [encoder, current?.id, adapters.length > 0]);

  return (
    <Section
      step={3}
      title="Teach"
      hint="The encoder learns to tell your subject from everything else. It happens here, on this machine."
      controls={
        <Button variant="default" size="xs" leftSection={<IconAdjustments size={16} />} onClick={open}>
          All settings
        </Button>
      }
    >
      <PresetPicker
        preset={settings.preset}
        disabled={running}
        onChange={(preset) =>
          trainingStore.setState({ settings: { ...PRESETS[preset], seed: settings.seed } })
        }
      />
      <Group justify="space-between" align="center" gap="md">
        <Stack gap={2} miw={0} flex="1 1 280px">
          <Text size="sm">
            {training.length} training {training.length === 1 ? 'photo' : 'photos'}, {masked} with a mask ·{' '}
            {positivesText(used, generated)} · negatives:{' '}
            {negativesText(ownNegatives, used, drawnOthers, current?.className ?? '')}
          </Text>
          {training.length > 0 && masked < training.length && (
            <Text size="sm" c="dimmed">
              {masked === 0
                ? 'Without a mask only real crops are used, and nothing teaches the maps. One click on your subject in a photo makes a mask.'
                : `${training.length - masked} without a mask: those are used as real crops only.`}
            </Text>
          )}
        </Stack>
        <Button
          size="lg"
          leftSection={<IconSparkles size={22} />}
          disabled={!encoder || training.length === 0 || running}
          loading={run?.phase === 'starting'}
          onClick={() => startTraining().catch((error) => notifyError('The run could not start', error))}
        >
          Teach
        </Button>
      </Group>
      {!running && training.length > 0 && <BeforeTeaching settings={used} counts={counts} />}
      {training.length > 0 && training.length < 3 && (
        <Alert icon={<IconInfoCircle />} color="amber" variant="light">
          The method is made for three photos or more; with {training.length} the encoder sees your subject
          from too few sides.
        </Alert>
      )}
      {problem && (
        <Alert color="red" variant="light">
          Nothing on this machine can compute. See above.
        </Alert>
      )}
      {running && !shown && (
        <Alert color="gray" variant="light">
          Another subject is being taught. One at a time.
        </Alert>
      )}
      {!running && <ResumeOffer />}
      {shown ? (
        <RunView run={shown} />
      ) : (
        adapters.length === 0 && (
          <List size="sm" c="dimmed" spacing={2}>
            <List.Item>Pictures of your subject in new places appear as they are made.</List.Item>
            <List.Item>
              The loss falls and the ranking accuracy rises; you can pause, step and stop.
            </List.Item>
            <List.Item>What was learned is saved as it goes: a reload continues where it was.</List.Item>
          </List>
        )
      )}
      <AdapterList />
      <SettingsDrawer opened={drawer} onClose={close} />
    </Section>
  );
}

/** What positives will be, with the mixing ratio. */
function positivesText({ positives }: TrainingSettings, generated: number): string {
  if (positives === 'real') return 'positives: real crops';
  if (positives === 'cutpaste') return 'positives: Cut/Paste';
  if (positives === 'generated')
    return `positives: ${generated} generated ${generated === 1 ? 'picture' : 'pictures'}`;
  return generated > 0
    ? `positives: a third each of real crops, Cut/Paste and ${generated} generated ${generated === 1 ? 'picture' : 'pictures'}`
    : 'positives: half Cut/Paste, half real crops';
}

/** What negatives will be; those drawn of its kind are opposed to generated positives only. */
function negativesText(own: number, settings: TrainingSettings, drawn: number, className: string): string {
  const opposed = drawn > 0 && opposesItsKind(settings);
  return [
    ...(own ? [`${own} of this subject’s own`] : []),
    ...(opposed ? [`${drawn} drawn of “${className}”`] : []),
    'the bundled pictures',
  ].join(', ');
}

/** Whether those drawn of its kind are among the negatives. */
function opposesItsKind({ positives }: TrainingSettings): boolean {
  return positives === 'generated' || positives === 'combined';
}

/** How many pictures come with the page as negatives; 0 until that is known. */
function useBundledNegatives(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    let gone = false;
    bundledSamples().then(
      ({ negatives }) => gone || setCount(negatives.length),
      // Teaching reads them again, and says what is wrong with them.
      () => gone || setCount(0),
    );
    return () => {
      gone = true;
    };
  }, []);
  return count;
}
