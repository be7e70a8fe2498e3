import { Alert, Button, Collapse, Group, Progress, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp, IconDownload, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { GeneratorProgress } from '../../engine/generator/protocol.ts';
import { byteSize } from '../format.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { Section } from '../shell/Section.tsx';
import { dreamBoothStore, isDreamBooth, isLearning } from '../store/dreambooth.ts';
import { generationStore } from '../store/generationState.ts';
import { generatorStore, loadGenerator, unloadGenerator } from '../store/generator.ts';
import { GeneratorFolderButton, GeneratorFolderHelp } from './GeneratorFolderButton.tsx';
import { PastRun } from './LearnRun.tsx';
import { LearnView } from './LearnView.tsx';
import { MakeView } from './MakeView.tsx';
import { PictureGrid } from './PictureGrid.tsx';
import { Unfinished, useUnfinished } from './Unfinished.tsx';
import './generate.css';

/** Step 2, by choice: a generator learns the subject and makes new pictures of it to train on. */
export function GeneratePanel() {
  const { info, loading } = useStore(generatorStore);
  const run = useStore(dreamBoothStore, (state) => state.run);
  const phase = useStore(generationStore, (state) => state.phase);
  const photos = useLibrary((state) => state.photos);
  const engine = useEngine((state) => state.engine);
  const pictures = photos.filter(({ role }) => role === 'generated');
  const unfinished = useUnfinished();
  const learned = useLibrary(({ runs }) => runs.find((run) => isDreamBooth(run) && run.step > 0));
  const begun = info !== null || pictures.length > 0 || learned !== undefined;
  const used = begun || unfinished.learning !== undefined || unfinished.drawing !== undefined;
  const [opened, { toggle, open }] = useDisclosure(used);
  // What was begun in an earlier visit is known only once the library is read.
  useEffect(() => {
    if (used) open();
  }, [used, open]);
  const busy = isLearning(run) || phase !== 'idle';
  const load = () => {
    open();
    loadGenerator({ kind: 'embedded' }).catch((error) =>
      notifyError('The generator could not be loaded', error),
    );
  };
  return (
    <Section
      step={2}
      title="Generate"
      hint="If you like: a picture generator learns your subject and draws it in new places, to teach with."
      controls={
        <Button
          variant="default"
          size="xs"
          aria-expanded={opened}
          rightSection={opened ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
          onClick={toggle}
        >
          {opened ? 'Hide' : pictures.length ? `Show ${pictures.length} pictures` : 'Show'}
        </Button>
      }
    >
      <Collapse expanded={opened}>
        <Stack gap="md">
          {!info && (
            <Stack gap="xs">
              <Text size="sm" c="dimmed">
                The built-in generator is small: 128 pixels, good at dogs and cats, fair at some ten kinds of
                objects, weak elsewhere. It was trained on public pictures for research and demonstration.
              </Text>
              {loading ? (
                <LoadingBar loading={loading} />
              ) : (
                <Group>
                  <Button
                    px="sm"
                    py={6}
                    h="auto"
                    mih={36}
                    // On a narrow phone two lines, not a cut one.
                    styles={{ label: { whiteSpace: 'normal' } }}
                    leftSection={<IconDownload size={18} />}
                    disabled={!engine}
                    onClick={load}
                  >
                    Load the built-in generator (63&nbsp;MB)
                  </Button>
                  <GeneratorFolderButton onLoad={open} disabled={!engine} />
                </Group>
              )}
              <GeneratorFolderHelp />
            </Stack>
          )}
          <Unfinished />
          {!info && learned && <PastRun record={learned} />}
          {info && (
            <>
              <Group justify="space-between" gap="sm">
                <Text size="sm" c="dimmed">
                  {info.id === 'embedded' ? 'Built-in generator' : info.id}: {info.imageSize} ×{' '}
                  {info.imageSize} pixels, {(info.parameters / 1e6).toFixed(1)} million parameters
                </Text>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<IconX size={14} />}
                  disabled={busy}
                  onClick={() => unloadGenerator().catch((error) => notifyError('The generator', error))}
                >
                  Free its memory
                </Button>
              </Group>
              <LearnView generatorId={info.id} />
              <MakeView />
            </>
          )}
          {pictures.length > 0 && <PictureGrid pictures={pictures} />}
          {!used && !loading && (
            <Alert color="gray" variant="light">
              You can teach without this: photos cut out and pasted elsewhere do much of the same.
            </Alert>
          )}
        </Stack>
      </Collapse>
    </Section>
  );
}

function LoadingBar({ loading: { stage, done, total } }: { loading: GeneratorProgress }) {
  const bytes = stage === 'unet' && total > 1;
  const text = bytes ? `${byteSize(done)} of ${byteSize(total)}` : `${stage} …`;
  return (
    <Stack gap={4}>
      <Progress value={(100 * done) / Math.max(1, total)} animated aria-label="Loading the generator" />
      <Text size="xs" c="dimmed" role="status">
        Loading: {text}
      </Text>
    </Stack>
  );
}
