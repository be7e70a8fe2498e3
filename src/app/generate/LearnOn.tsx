import { Button, Text } from '@mantine/core';
import { IconRotateClockwise } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { AdapterRecord } from '../../library/types.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { dreamBoothStore } from '../store/dreambooth.ts';
import { checkpointStep, laterCheckpoints, learnOn } from '../store/dreamboothRewind.ts';

/** Goes back to a checkpoint and learns on from there, to the steps and at the rate that are set; asks before later ones go. */
export function LearnOn({ lora, disabled }: { lora: AdapterRecord; disabled: boolean }) {
  const { steps, learningRate } = useStore(dreamBoothStore, ({ settings }) => settings);
  const later = laterCheckpoints(
    lora,
    useLibrary(({ adapters }) => adapters),
  );
  const step = checkpointStep(lora);
  if (step === null) return null;
  if (step >= steps) {
    return (
      <Text size="xs" c="dimmed" mb={8}>
        It has all {step} steps. Set more above to learn on from it.
      </Text>
    );
  }
  const go = async () => learnOn(lora, { steps, learningRate });
  const ask = () =>
    confirmDialog({
      title: `Learn on from step ${step}?`,
      message: `What came later in this run is deleted: ${laterText(later)}. It goes on to step ${steps} at a learning rate of ${learningRate}, as set above; all else stays as the run had it. Pictures that were drawn stay.`,
      confirm: 'Delete them and learn on',
      onConfirm: go,
    });
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconRotateClockwise size={16} />}
      disabled={disabled}
      onClick={
        later.length > 0 ? ask : () => go().catch((error) => notifyError('Learning could not go on', error))
      }
    >
      Learn on from step {step} to {steps}
    </Button>
  );
}

function laterText(later: readonly AdapterRecord[]): string {
  const steps = later.map(checkpointStep);
  return later.length === 1
    ? `the checkpoint of step ${steps[0]}`
    : `${later.length} checkpoints (steps ${steps[0]} to ${steps.at(-1)})`;
}
