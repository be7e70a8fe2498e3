import { Button, Drawer, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useStore } from 'zustand';
import { PRESETS } from '../../personalize/presets.ts';
import { readSettings } from '../../personalize/readSettings.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { notifyError } from '../notify.ts';
import { type SettingField, valueAt, withValue } from '../settings/fields.ts';
import { SettingControl } from '../settings/SettingControl.tsx';
import { SettingsJson } from '../settings/SettingsJson.tsx';
import { theEngine } from '../store/engine.ts';
import { changeSettings, trainingStore } from '../store/training.ts';
import { SETTING_FIELDS } from './settingFields.ts';

/** Every setting of a run by its name in the field, with what the paper uses. */
export function SettingsDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const settings = useStore(trainingStore, (state) => state.settings);
  const groups = [...new Set(SETTING_FIELDS.map(({ group }) => group))];
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title="All settings">
      <Stack gap="lg">
        {groups.map((group) => (
          <Stack key={group} gap="xs">
            <Title order={4}>{group}</Title>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              {SETTING_FIELDS.filter((field) => field.group === group).map((field) => (
                <Field key={field.path} field={field} settings={settings} />
              ))}
            </SimpleGrid>
          </Stack>
        ))}
        <JsonSettings settings={settings} />
        <Stack gap="xs">
          <Title order={4}>Recovery</Title>
          <Text size="sm" c="dimmed">
            Drivers reset and laptops sleep. Lose the device on purpose to see that a run goes on from its
            last checkpoint.
          </Text>
          <Group>
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                theEngine()
                  .loseDevice()
                  .catch((error) => notifyError('Losing the device', error))
              }
            >
              Lose the device
            </Button>
          </Group>
        </Stack>
      </Stack>
    </Drawer>
  );
}

function Field({ field, settings }: { field: SettingField; settings: TrainingSettings }) {
  const paper = valueAt(PRESETS.paper, field.path);
  return (
    <SettingControl
      field={field}
      value={valueAt(settings, field.path)}
      description={`Paper: ${paper === null || paper === undefined ? 'none' : String(paper)}. ${field.hint ?? ''}`}
      onChange={(next) => changeSettings(withValue(settings, field.path, next))}
    />
  );
}

function JsonSettings({ settings }: { settings: TrainingSettings }) {
  return (
    <SettingsJson
      label="Settings as JSON"
      text="The same file that the command line takes with --settings. Paste, change, apply."
      fileName="training-settings.json"
      settings={settings}
      read={(json) => trainingStore.setState({ settings: readSettings(json) })}
    >
      {(forget) => (
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            trainingStore.setState({ settings: PRESETS.balanced });
            forget();
          }}
        >
          Back to Balanced
        </Button>
      )}
    </SettingsJson>
  );
}
