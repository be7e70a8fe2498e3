import { Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { PRESETS } from '../../personalize/presets.ts';
import type { PresetName } from '../../personalize/settings.ts';

const WORDS: Record<PresetName, { title: string; text: string }> = {
  quick: { title: 'Quick', text: 'A first look: under a minute, even without a graphics card.' },
  balanced: { title: 'Balanced', text: 'Measured best for the built-in encoder. Start here.' },
  paper: {
    title: 'Paper',
    text: 'The published recipe to the letter. Half an hour or more without a graphics card.',
  },
};

/** Choice of recipe. */
export function PresetPicker({
  preset,
  disabled,
  onChange,
}: {
  preset: PresetName | 'custom';
  disabled: boolean;
  onChange: (preset: PresetName) => void;
}) {
  return (
    <Radio.Group
      value={preset === 'custom' ? null : preset}
      onChange={(value) => onChange(value as PresetName)}
      label={preset === 'custom' ? 'Recipe: your own settings' : 'Recipe'}
    >
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" mt={6}>
        {(['quick', 'balanced', 'paper'] as const).map((name) => (
          <Radio.Card key={name} value={name} p="sm" disabled={disabled} className="preset-card">
            <Stack gap={2}>
              <Text fw={650}>{WORDS[name].title}</Text>
              <Text size="sm" c="dimmed">
                {WORDS[name].text}
              </Text>
              <Text size="xs" c="dimmed">
                {summary(name)}
              </Text>
            </Stack>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

function summary(name: PresetName): string {
  const { steps, batch, lora } = PRESETS[name];
  const layers = lora.lastLayers === 'all' ? 'all layers' : `last ${lora.lastLayers} layers`;
  return `${steps} steps of ${3 * batch} images, ${layers}`;
}
