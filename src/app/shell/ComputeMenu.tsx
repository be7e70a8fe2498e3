import { Button, List, Loader, Menu, Text } from '@mantine/core';
import { IconCpu, IconInfoCircle } from '@tabler/icons-react';
import type { Preference } from '../../backend/choose/choose.ts';
import { byteSize } from '../format.ts';
import { useEngine } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { choosePreference } from '../store/preference.ts';
import { deviceLabel, wayText } from './deviceText.ts';

/** Says what computes, and lets the user choose: with the measured speed of each, and what weaker choices were taken. */
export function ComputeMenu() {
  const status = useEngine((state) => state.status);
  const ready = useEngine(({ engine, recovering, switching }) => engine && !recovering && !switching);
  const switching = useEngine((state) => state.switching);
  if (!status) return null;
  const { compute, memory } = status;
  const { preference, way, ways } = compute.choice;
  const label = deviceLabel(compute);
  const Icon = compute.notes.length > 0 ? IconInfoCircle : IconCpu;
  const choices: { value: Preference; label: string; text: string }[] = [
    {
      value: 'auto',
      label: 'Automatic',
      text: `What is faster on this machine${preference === 'auto' ? `: the ${way.toUpperCase()}` : ''}`,
    },
    { value: 'gpu', label: 'GPU', text: wayText(ways.gpu) },
    { value: 'cpu', label: 'CPU', text: wayText(ways.cpu) },
  ];
  const choose = (chosen: string) => {
    if (chosen === preference) return;
    choosePreference(chosen as Preference).catch((error) =>
      notifyError('What computes could not be changed', error),
    );
  };
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          px={9}
          className="chip"
          aria-label={`Computing on: ${label}. Choose another`}
        >
          {switching ? <Loader size={18} /> : <Icon size={18} />}
          <Text size="sm" truncate visibleFrom="md" ml={6}>
            {label}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Compute on</Menu.Label>
        <Menu.RadioGroup value={preference} onChange={choose}>
          {choices.map((choice) => (
            <Menu.RadioItem key={choice.value} value={choice.value} disabled={!ready}>
              <Text size="sm">{choice.label}</Text>
              <Text size="xs" c="dimmed">
                {choice.text}
              </Text>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Text size="xs" c="dimmed" px="sm" py={4}>
          {label}. {byteSize(memory.reserved)} of {compute.traits.onCpu ? 'memory' : 'GPU memory'} held. When
          you switch, a run resumes from its last checkpoint.
        </Text>
        {compute.notes.length > 0 && (
          <List size="xs" pl={28} pr="sm" pb={6} spacing={4} data-testid="compute-notes">
            {compute.notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
