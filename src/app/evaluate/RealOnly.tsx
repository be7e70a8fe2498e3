import { Alert, Button, Group, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { AdapterRecord } from '../../library/types.ts';
import { notifyError } from '../notify.ts';
import { startTraining } from '../store/training.ts';
import { realOnlySettings } from './realOnlySettings.ts';

/** Offers to teach from real crops alone where no adapter was: the row that all others must be better than. */
export function RealOnly({ adapters, disabled }: { adapters: readonly AdapterRecord[]; disabled: boolean }) {
  const settings = realOnlySettings(adapters);
  if (!settings) return null;
  const teach = () => {
    document.getElementById('step-3')?.scrollIntoView({ behavior: 'smooth' });
    startTraining(settings).catch((error) => notifyError('The run could not start', error));
  };
  return (
    <Alert color="plum" variant="light" icon={<IconInfoCircle />}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex="1 1 320px">
          No adapter was taught from your photos alone. It shows whether pasted and generated pictures help.
        </Text>
        <Button size="xs" variant="default" disabled={disabled} onClick={teach}>
          Teach from real crops alone
        </Button>
      </Group>
    </Alert>
  );
}
