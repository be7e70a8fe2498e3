import { Alert, Button, Group, Text } from '@mantine/core';
import { byteSize } from './format.ts';
import { useEngine } from './hooks.ts';

/** Share of the machine's memory that a stage may be expected to get; a browser does not say what the GPU has. */
const SHARE = 0.5;

/** What a stage needs, in bytes. */
export interface StageMemory {
  /** With everything that is loaded beside it. */
  all: number;
  /** In its largest tensor. */
  largest: number;
}

/**
 * What a stage will need of the GPU's memory, before it starts; where that is more than there seems to be, what would
 * need less. The largest tensor is held against the adapter's own limit. Of memory in all, browsers tell the machine's at
 * most (up to 8 GB, some nothing), so that warning is a guess, and says so.
 * @param doing such as `draws`
 * @param smaller the change that would need less; null where there is none
 */
export function MemoryNote({
  need,
  doing,
  smaller,
}: {
  need: StageMemory;
  doing: string;
  smaller: { label: string; apply: () => void } | null;
}) {
  const adapter = useEngine((state) => state.status?.adapter);
  if (!adapter) return null;
  const limits = memoryLimits(adapter);
  const what = `About ${byteSize(need.all)} of ${adapter.software ? 'memory' : 'GPU memory'} while it ${doing}.`;
  const never = need.largest > limits.tensor;
  if (!never && need.all <= limits.total) {
    return (
      <Text size="xs" c="dimmed">
        {what}
      </Text>
    );
  }
  return (
    <Alert color={never ? 'red' : 'amber'} variant="light" p="xs">
      <Group gap="sm" justify="space-between">
        <Text size="sm" flex="1 1 220px">
          {what}{' '}
          {never
            ? `One tensor of it has ${byteSize(need.largest)}, and this adapter takes ${byteSize(limits.tensor)} at most.`
            : `That may be more than there is: this browser tells of ${machineGigabytes()} GB, which may not be all.`}
        </Text>
        {smaller && (
          <Button size="compact-sm" variant="default" onClick={smaller.apply}>
            {smaller.label}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** What a stage may take on this machine, in bytes: in all as far as the browser tells, and in one tensor. */
export function memoryLimits(adapter: { maxBufferSize: number; maxStorageBufferBindingSize: number }): {
  total: number;
  tensor: number;
} {
  const machine = machineGigabytes();
  return {
    total: machine === undefined ? Number.POSITIVE_INFINITY : SHARE * machine * 2 ** 30,
    tensor: Math.min(adapter.maxBufferSize, adapter.maxStorageBufferBindingSize),
  };
}

/** What the browser says of the machine's memory, in GiB. */
function machineGigabytes(): number | undefined {
  return (navigator as Navigator & { deviceMemory?: number }).deviceMemory;
}
