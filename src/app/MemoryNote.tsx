import { Alert, Button, Group, Text } from '@mantine/core';
import type { Traits } from '../backend/backend.ts';
import { byteSize } from './format.ts';
import { useEngine } from './hooks.ts';

/** Share of the machine's memory that a stage may be expected to get; a browser does not say what a GPU has. */
const SHARE = 0.5;

/** What a stage needs, in bytes. */
export interface StageMemory {
  /** With everything that is loaded beside it. */
  all: number;
  /** In its largest tensor. */
  largest: number;
}

/**
 * What a stage will need of memory, before it starts; where that is more than there seems to be, what would need less. The
 * largest tensor and, on the processor, all together are held against the backend's own limits: past those the engine refuses.
 * Of the machine's memory browsers tell a part (up to 8 GB, some nothing), so that warning is a guess, and says so.
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
  const traits = useEngine((state) => state.status?.compute.traits);
  if (!traits) return null;
  const limits = memoryLimits(traits);
  const what = `About ${byteSize(need.all)} of ${traits.onCpu ? 'memory' : 'GPU memory'} while it ${doing}.`;
  const most = traits.totalBytes ?? Number.POSITIVE_INFINITY;
  const never = need.largest > limits.tensor || need.all > most;
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
          {need.all > most
            ? `The processor may use ${byteSize(most)} in this browser.`
            : never
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

/** What a stage may take on this machine, in bytes: in all as far as it is known, and in one tensor. */
export function memoryLimits({ totalBytes, maxBytes }: Pick<Traits, 'totalBytes' | 'maxBytes'>): {
  total: number;
  tensor: number;
} {
  const machine = machineGigabytes();
  return {
    total: Math.min(
      totalBytes ?? Number.POSITIVE_INFINITY,
      machine === undefined ? Number.POSITIVE_INFINITY : SHARE * machine * 2 ** 30,
    ),
    tensor: maxBytes,
  };
}

/** What the browser says of the machine's memory, in GiB. */
function machineGigabytes(): number | undefined {
  return (navigator as Navigator & { deviceMemory?: number }).deviceMemory;
}
