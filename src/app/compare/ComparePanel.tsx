import { Alert, Button, Group, Loader, SegmentedControl, Slider, Stack, Switch, Text } from '@mantine/core';
import { IconInfoCircle, IconPhotoPlus } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useEngine, useLibrary } from '../hooks.ts';
import { Section } from '../shell/Section.tsx';
import { adaptersStore } from '../store/adapters.ts';
import {
  comparablePhotos,
  compareStore,
  recompute,
  resetCompare,
  selectPhoto,
  setHovering,
} from '../store/compare.ts';
import { HoverGrid } from './HoverGrid.tsx';
import { PhotoStrip } from './PhotoStrip.tsx';
import { SideBySide } from './SideBySide.tsx';
import { Summary } from './Summary.tsx';
import './compare.css';

/** Step 4: what the encoder sees in a photo, before and after. */
export function ComparePanel() {
  const photos = useLibrary((state) => state.photos);
  const maskVersion = useLibrary((state) => state.maskVersion);
  const encoder = useEngine((state) => state.encoder);
  const adapterVersion = useStore(adaptersStore, (state) => state.version);
  const { mode, scale, opacity, showMask, showBox, selectedId, guest, compared, busy, error, hovering } =
    useStore(compareStore);
  const open = [...comparablePhotos(photos), ...(guest ? [guest] : [])];
  const selected = open.find(({ id }) => id === selectedId) ?? open[0];
  const hasTraining = photos.some(({ role }) => role === 'train');

  useEffect(() => resetCompare, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: maps depend on all of these, through the engine
  useEffect(() => {
    if (!encoder || !selected || !hasTraining) return;
    if (selected.id === selectedId) recompute();
    else selectPhoto(selected);
  }, [
    encoder?.id,
    selected?.id,
    selected && maskVersion[selected.id],
    adapterVersion,
    mode,
    scale,
    hasTraining,
  ]);

  return (
    <Section
      step={4}
      title="Compare"
      hint="Where does the encoder see your subject? The same photo before and after, on one colour scale."
    >
      {!selected || !hasTraining ? (
        <Alert icon={<IconPhotoPlus />} color="gray" title="No photos yet">
          Add training photos above, and a few test photos that the encoder has not seen: maps and scores
          appear here.
        </Alert>
      ) : (
        <Stack gap="md">
          <PhotoStrip photos={open} selectedId={selected.id} />
          <Group gap="lg" align="flex-end">
            <SegmentedControl
              aria-label="What the map shows"
              value={mode}
              onChange={(value) => compareStore.setState({ mode: value as typeof mode })}
              data={[
                { value: 'reference', label: 'Reference' },
                { value: 'object-minus-background', label: 'Object − background' },
              ]}
            />
            <SegmentedControl
              aria-label="Map resolution"
              value={String(scale)}
              onChange={(value) => compareStore.setState({ scale: Number(value) as 1 | 2 })}
              data={[
                { value: '1', label: '1×' },
                { value: '2', label: '2× finer' },
              ]}
            />
            <Stack gap={2} w={160}>
              <Text size="xs" c="dimmed" id="opacity-label">
                Map opacity
              </Text>
              <Slider
                aria-labelledby="opacity-label"
                thumbLabel="Map opacity"
                min={0}
                max={1}
                step={0.05}
                label={(value) => `${Math.round(value * 100)} %`}
                value={opacity}
                onChange={(value) => compareStore.setState({ opacity: value })}
              />
            </Stack>
            <Switch
              label="Mask"
              checked={showMask}
              onChange={(event) => compareStore.setState({ showMask: event.currentTarget.checked })}
            />
            <Switch
              label="Box"
              checked={showBox}
              onChange={(event) => compareStore.setState({ showBox: event.currentTarget.checked })}
            />
            <Switch
              label="Follow a patch"
              checked={hovering}
              onChange={(event) => setHovering(event.currentTarget.checked)}
            />
            {busy && (
              <Group gap={6}>
                <Loader size="xs" />
                <Text size="sm" c="dimmed">
                  Computing maps …
                </Text>
              </Group>
            )}
          </Group>
          {error && (
            <Alert color="red" title="The maps could not be computed">
              <Group justify="space-between">
                <Text size="sm">{error}</Text>
                <Button size="xs" variant="light" color="red" onClick={recompute}>
                  Try again
                </Button>
              </Group>
            </Alert>
          )}
          <SideBySide photo={selected} compared={compared} />
          {compared?.maps[0]?.referenceFrom === 'middle' && (
            <Alert icon={<IconInfoCircle />} color="amber" variant="light">
              None of your training photos has a mask, so the middle of them is taken for the subject. Click
              on it in a photo above to make a mask: maps get much better.
            </Alert>
          )}
          {hovering && <HoverGrid photos={open} />}
          <Summary />
        </Stack>
      )}
    </Section>
  );
}
