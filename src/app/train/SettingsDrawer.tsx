import {
  Button,
  Drawer,
  Group,
  JsonInput,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { PRESETS } from '../../personalize/presets.ts';
import { readSettings } from '../../personalize/readSettings.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { notifyDone, notifyError } from '../notify.ts';
import { theEngine } from '../store/engine.ts';
import { changeSettings, trainingStore } from '../store/training.ts';
import { SETTING_FIELDS, type SettingField, valueAt, withValue } from './settingFields.ts';

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
            Drivers reset and laptops sleep. Lose the graphics device on purpose to see that a run goes on
            from its last checkpoint.
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
  const value = valueAt(settings, field.path);
  const paper = valueAt(PRESETS.paper, field.path);
  const description = `Paper: ${paper === null || paper === undefined ? 'none' : String(paper)}. ${field.hint ?? ''}`;
  const change = (next: unknown) => changeSettings(withValue(settings, field.path, next));
  if (field.kind === 'choice') {
    return (
      <Select
        label={field.label}
        description={description}
        data={field.choices}
        allowDeselect={false}
        value={String(value)}
        onChange={(next) => change(field.parse ? field.parse(next!) : next)}
      />
    );
  }
  if (field.kind === 'optional') {
    return (
      <Stack gap={4}>
        <Switch
          label={field.label}
          description={description}
          checked={value !== null}
          onChange={(event) => change(event.currentTarget.checked ? field.fallback : null)}
        />
        {typeof value === 'number' && (
          <NumberInput
            aria-label={field.label}
            value={value}
            min={field.min}
            step={field.step}
            onChange={(next) => typeof next === 'number' && change(next)}
          />
        )}
      </Stack>
    );
  }
  if (value === undefined) return null;
  return (
    <NumberInput
      label={field.label}
      description={description}
      value={value as number}
      min={field.min}
      {...(field.max === undefined ? {} : { max: field.max })}
      step={field.step}
      onChange={(next) => typeof next === 'number' && change(next)}
    />
  );
}

function JsonSettings({ settings }: { settings: TrainingSettings }) {
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? JSON.stringify(settings, null, 2);
  const apply = () => {
    try {
      trainingStore.setState({ settings: readSettings(JSON.parse(shown)) });
      setText(null);
      notifyDone('The settings are in use.');
    } catch (error) {
      notifyError('These settings cannot be used', error);
    }
  };
  return (
    <Stack gap="xs">
      <Title order={4}>As JSON</Title>
      <Text size="sm" c="dimmed">
        The same file that the command line takes with --settings. Paste, change, apply.
      </Text>
      <JsonInput
        aria-label="Settings as JSON"
        value={shown}
        onChange={setText}
        autosize
        minRows={8}
        maxRows={20}
      />
      <Group>
        <Button size="xs" onClick={apply} disabled={text === null}>
          Apply
        </Button>
        <Button size="xs" variant="default" onClick={() => setText(null)} disabled={text === null}>
          Discard changes
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            trainingStore.setState({ settings: PRESETS.balanced });
            setText(null);
          }}
        >
          Back to Balanced
        </Button>
      </Group>
    </Stack>
  );
}
