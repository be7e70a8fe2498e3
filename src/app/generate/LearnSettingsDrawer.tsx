import { Button, Drawer, Radio, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { DREAMBOOTH_PRESETS } from '../../diffusion/dreambooth/presets.ts';
import { type DreamBoothPreset, readDreamBoothSettings } from '../../diffusion/dreambooth/readSettings.ts';
import { type SettingField, shownValue, valueAt, withValue } from '../settings/fields.ts';
import { SettingControl } from '../settings/SettingControl.tsx';
import { SettingsJson } from '../settings/SettingsJson.tsx';
import { choosePreset, dreamBoothStore, takeSettings } from '../store/dreambooth.ts';
import { DREAMBOOTH_FIELDS } from './dreamBoothFields.ts';

const PRESETS: Record<DreamBoothPreset, { title: string; text: string }> = {
  embedded: { title: 'Built-in', text: 'Measured for the built-in generator.' },
  paper: { title: 'Paper', text: 'The published recipe with LoRA; for Stable Diffusion and its like.' },
};

/** Every setting of how the generator learns; what differs from the chosen preset is marked. */
export function LearnSettingsDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { settings, base } = useStore(dreamBoothStore);
  const groups = [...new Set(DREAMBOOTH_FIELDS.map(({ group }) => group))];
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title="Learning settings">
      <Stack gap="lg">
        <Radio.Group
          value={base}
          onChange={(value) => choosePreset(value as DreamBoothPreset)}
          label={settings.preset === 'custom' ? 'Recipe, with changes of yours' : 'Recipe'}
        >
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt={6}>
            {(Object.keys(PRESETS) as DreamBoothPreset[]).map((name) => (
              <Radio.Card key={name} value={name} p="sm" className="preset-card">
                <Text fw={650}>{PRESETS[name].title}</Text>
                <Text size="sm" c="dimmed">
                  {PRESETS[name].text}
                </Text>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
        {settings.preset === 'custom' && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={16} />}
            style={{ alignSelf: 'flex-start' }}
            onClick={() => choosePreset(base)}
          >
            Put all back to {PRESETS[base].title}
          </Button>
        )}
        {groups.map((group) => (
          <Stack key={group} gap="xs">
            <Title order={4}>{group}</Title>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              {DREAMBOOTH_FIELDS.filter((field) => field.group === group).map((field) => (
                <Field key={field.path} field={field} />
              ))}
            </SimpleGrid>
          </Stack>
        ))}
        <SettingsJson
          label="Learning settings as JSON"
          text="The same file that the command line takes with --dreambooth-settings. Paste, change, apply."
          fileName="dreambooth-settings.json"
          settings={settings}
          read={(json) => takeSettings(readDreamBoothSettings(json))}
        />
      </Stack>
    </Drawer>
  );
}

function Field({ field }: { field: SettingField }) {
  const { settings, base } = useStore(dreamBoothStore);
  const { paper } = DREAMBOOTH_PRESETS;
  return (
    <SettingControl
      field={field}
      value={valueAt(settings, field.path)}
      preset={{ value: valueAt(DREAMBOOTH_PRESETS[base], field.path) }}
      description={`Paper: ${shownValue(field, valueAt(paper, field.path))}. ${field.hint ?? ''}`}
      onChange={(next) => takeSettings(withValue(settings, field.path, next))}
    />
  );
}
