import { Button, Group, NumberInput, Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustments } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { DEFAULT_PRIOR, DREAMBOOTH_PRESETS } from '../../diffusion/dreambooth/presets.ts';
import type { DreamBoothSettings } from '../../engine/generator/protocol.ts';
import { Hinted, type ReadHint } from '../Hinted.tsx';
import { valueAt } from '../settings/fields.ts';
import { dreamBoothStore, takeSettings } from '../store/dreambooth.ts';
import { LearnSettingsDrawer } from './LearnSettingsDrawer.tsx';

/** The settings of learning that are changed most, and the way to all of them. */
export function LearnSettings({ disabled }: { disabled: boolean }) {
  const { settings, base } = useStore(dreamBoothStore);
  const [drawer, { open, close }] = useDisclosure(false);
  const change = (part: Partial<DreamBoothSettings>) => takeSettings({ ...settings, ...part });
  const isChanged = (path: string) => valueAt(DREAMBOOTH_PRESETS[base], path) !== valueAt(settings, path);
  const field = (
    label: string,
    path: string,
    value: number,
    { min, max, width, step = 1 }: { min: number; max: number; width: number; step?: number },
    onChange: (value: number) => void,
    read?: ReadHint,
  ) => (
    <div className="setting" data-changed={isChanged(path) || undefined}>
      <NumberInput
        {...{ label, value, min, max, step, disabled }}
        size="xs"
        w={width}
        allowDecimal={step < 1}
        {...read}
        onChange={(next) => typeof next === 'number' && next >= min && next <= max && onChange(next)}
      />
    </div>
  );
  return (
    <Group gap="sm" align="flex-end">
      {field('Steps', 'steps', settings.steps, { min: 1, max: 5000, width: 90 }, (steps) =>
        change({ steps }),
      )}
      {field(
        'Learning rate',
        'learningRate',
        settings.learningRate,
        { min: 0.000001, max: 0.1, step: 0.0001, width: 120 },
        (learningRate) => change({ learningRate }),
      )}
      {field('LoRA rank', 'lora.rank', settings.lora.rank, { min: 1, max: 256, width: 90 }, (rank) =>
        change({ lora: { ...settings.lora, rank, alpha: rank } }),
      )}
      <Hinted hint="Pictures of its class that the untuned generator draws; they keep it from taking every dog for yours.">
        {(read) =>
          field(
            'Class pictures',
            'prior.images',
            settings.prior?.images ?? 0,
            { min: 0, max: 2000, width: 110 },
            (images) =>
              change({ prior: images > 0 ? { ...DEFAULT_PRIOR, ...settings.prior, images } : null }),
            read,
          )
        }
      </Hinted>
      {field(
        'Sample every',
        'validateEvery',
        settings.validateEvery,
        { min: 0, max: 5000, width: 120 },
        (validateEvery) => change({ validateEvery }),
      )}
      <Hinted hint="The loss counts the object, not what is behind it. Needs masks.">
        {(read) => (
          <div className="setting" data-changed={isChanged('masked') || undefined}>
            <Switch
              label="Masked"
              size="sm"
              mb={6}
              disabled={disabled}
              checked={settings.masked}
              {...read}
              onChange={(event) => change({ masked: event.currentTarget.checked })}
            />
          </div>
        )}
      </Hinted>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconAdjustments size={16} />}
        disabled={disabled}
        onClick={open}
      >
        Learning settings
      </Button>
      <LearnSettingsDrawer opened={drawer} onClose={close} />
    </Group>
  );
}
