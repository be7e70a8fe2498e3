import { Alert, Button, Group, Text } from '@mantine/core';
import { useStore } from 'zustand';
import type { CaptionSource } from '../../diffusion/captions/schedule.ts';
import type { DreamBoothSettings } from '../../engine/generator/protocol.ts';
import { useLibrary } from '../hooks.ts';
import { changeOptions } from '../store/generationState.ts';
import { generatorStore } from '../store/generator.ts';
import { loraStore } from '../store/generatorLoras.ts';

/** Says when the chosen LoRA learned the subject under other captions than are asked for. */
export function LearnedCaptionHint({ source }: { source: CaptionSource }) {
  const chosenId = useStore(loraStore, (state) => state.chosenId);
  const lora = useLibrary(({ adapters }) => adapters).find(({ id }) => id === chosenId);
  // LoRAs from elsewhere have no settings of ours, those of before there was the setting not this one.
  const settings = (lora?.settings as { settings?: DreamBoothSettings } | null | undefined)?.settings;
  const grammar = useStore(generatorStore, (state) => state.grammar);
  const wanted = settings && learnedUnder(settings);
  if (!wanted || wanted === source || (wanted === 'grammar' && !grammar)) return null;
  const one = wanted === 'vanilla';
  return (
    <Alert color="amber" variant="light" p="xs">
      <Group gap="sm" justify="space-between">
        <Text size="sm" flex="1 1 220px">
          {one
            ? 'This LoRA learned its subject under one caption. Under others most pictures lose it.'
            : 'This LoRA learned its subject in the generator’s own words. Under other captions most pictures lose it.'}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => changeOptions({ source: wanted })}>
          {one ? 'Use the plain caption' : 'Use its own words'}
        </Button>
      </Group>
    </Alert>
  );
}

/** Captions a LoRA knows its subject under; null where any may do. */
function learnedUnder({ captions }: DreamBoothSettings): 'vanilla' | 'grammar' | null {
  switch (captions ?? 'instance') {
    case 'instance':
      return 'vanilla';
    case 'described':
      return 'grammar';
    default:
      return null;
  }
}
