import { Anchor, MultiSelect, NumberInput, Select, Stack, Switch } from '@mantine/core';
import { type SettingField, shownValue } from './fields.ts';
import './settings.css';

/**
 * The control of one setting. Nothing is shown where its settings have no such part.
 * @param preset what the chosen preset has there; given, a value that differs is marked and can be put back
 */
export function SettingControl({
  field,
  value,
  description,
  preset,
  onChange,
}: {
  field: SettingField;
  value: unknown;
  description: string;
  preset?: { value: unknown } | undefined;
  onChange: (next: unknown) => void;
}) {
  if (value === undefined) return null;
  // A part that the preset does not have is marked at its switch, not in every field of it.
  const known = preset?.value !== undefined;
  const changed = known && JSON.stringify(preset.value) !== JSON.stringify(value);
  return (
    <Stack gap={2} className="setting" data-changed={changed || undefined}>
      <Control {...{ field, value, description, onChange }} />
      {changed && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          ta="start"
          aria-label={`${field.label}: back to ${shownValue(field, preset.value)}`}
          onClick={() => onChange(structuredClone(preset.value))}
        >
          Back to {shownValue(field, preset.value)}
        </Anchor>
      )}
    </Stack>
  );
}

function Control({
  field,
  value,
  description,
  onChange,
}: {
  field: SettingField;
  value: unknown;
  description: string;
  onChange: (next: unknown) => void;
}) {
  const { label } = field;
  switch (field.kind) {
    case 'choice':
      return (
        <Select
          {...{ label, description }}
          data={withOwn(field.choices, String(value))}
          allowDeselect={false}
          value={String(value)}
          onChange={(next) => onChange(field.parse ? field.parse(next!) : next)}
        />
      );
    case 'several':
      return (
        <MultiSelect
          {...{ label, description }}
          data={field.choices}
          value={value as string[]}
          onChange={(next) => next.length > 0 && onChange(next)}
        />
      );
    case 'flag':
      return (
        <Switch
          {...{ label, description }}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'optional':
      return (
        <Stack gap={4}>
          <Switch
            {...{ label, description }}
            checked={value !== null}
            onChange={(event) => onChange(event.currentTarget.checked ? field.fallback : null)}
          />
          {typeof value === 'number' && (
            <NumberInput
              aria-label={label}
              value={value}
              min={field.min}
              step={field.step}
              onChange={(next) => typeof next === 'number' && onChange(next)}
            />
          )}
        </Stack>
      );
    case 'number': {
      const { min, max, step, whole = false } = field;
      // While a number is typed it may be out of range; it is taken over once it is in.
      const inRange = (next: number) =>
        next >= min && (max === undefined || next <= max) && (!whole || Number.isInteger(next));
      return (
        <NumberInput
          {...{ label, description, min, step }}
          {...(max === undefined ? {} : { max })}
          allowDecimal={!whole}
          value={value as number}
          onChange={(next) => typeof next === 'number' && inRange(next) && onChange(next)}
        />
      );
    }
  }
}

/** The choices, and a value of the user's own JSON that is not among them. */
function withOwn(choices: { value: string; label: string }[], value: string) {
  return choices.some((known) => known.value === value) ? choices : [...choices, { value, label: value }];
}
