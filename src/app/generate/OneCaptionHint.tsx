import { Alert, Button, Group, Text } from '@mantine/core';
import { useStore } from 'zustand';
import type { CaptionSource } from '../../diffusion/captions/schedule.ts';
import type { DreamBoothSettings } from '../../engine/generator/protocol.ts';
import { useLibrary } from '../hooks.ts';
import { changeOptions } from '../store/generation.ts';
import { loraStore } from '../store/generatorLoras.ts';

/** Says when the chosen LoRA learned the subject under one caption, and other captions are asked for. */
export function OneCaptionHint({ source }: { source: CaptionSource }) {
  const chosenId = useStore(loraStore, (state) => state.chosenId);
  const lora = useLibrary(({ adapters }) => adapters).find(({ id }) => id === chosenId);
  // LoRAs from elsewhere have no settings of ours, those of before there was the setting not this one.
  const settings = (lora?.settings as { settings?: DreamBoothSettings } | null | undefined)?.settings;
  if (!settings || (settings.captions ?? 'instance') !== 'instance' || source === 'vanilla') return null;
  return (
    <Alert color="amber" variant="light" p="xs">
      <Group gap="sm" justify="space-between">
        <Text size="sm" flex="1 1 220px">
          This LoRA learned its subject under one caption. Under others most pictures lose it.
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => changeOptions({ source: 'vanilla' })}>
          Use the plain caption
        </Button>
      </Group>
    </Alert>
  );
}
