import { Button, Group } from '@mantine/core';
import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconX,
} from '@tabler/icons-react';
import { notifyError } from './notify.ts';

type Action = () => Promise<unknown>;

/** Pause or resume, step where there are steps, and the end of long work. */
export function RunControls({
  what,
  paused,
  starting = false,
  pause,
  resume,
  step,
  end,
  endLabel,
}: {
  /** Title of errors: what the work is. */
  what: string;
  paused: boolean;
  starting?: boolean;
  pause: Action;
  resume: Action;
  step?: Action;
  end: Action;
  endLabel: 'Stop' | 'Cancel';
}) {
  const does = (action: Action) => () => {
    action().catch((error) => notifyError(what, error));
  };
  return (
    <Group gap="xs">
      {paused ? (
        <Button size="xs" leftSection={<IconPlayerPlay size={16} />} onClick={does(resume)}>
          Resume
        </Button>
      ) : (
        <Button
          size="xs"
          variant="default"
          loading={starting}
          leftSection={<IconPlayerPause size={16} />}
          onClick={does(pause)}
        >
          Pause
        </Button>
      )}
      {step && (
        <Button
          size="xs"
          variant="default"
          disabled={!paused}
          leftSection={<IconPlayerSkipForward size={16} />}
          onClick={does(step)}
        >
          Step
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        leftSection={endLabel === 'Stop' ? <IconPlayerStop size={16} /> : <IconX size={16} />}
        onClick={does(end)}
      >
        {endLabel}
      </Button>
    </Group>
  );
}
