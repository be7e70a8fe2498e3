import { Alert, Button, Group, Text } from '@mantine/core';
import { imagesThatFit, largestTensor, unetMemory } from '../../models/unet2d/memory.ts';
import { byteSize } from '../format.ts';
import { useEngine } from '../hooks.ts';
import { generatorStore } from '../store/generator.ts';

/** Share of the machine's memory that a stage may be expected to get; a browser does not say what the GPU has. */
const SHARE = 0.5;

/**
 * What a stage will need of the GPU's memory, before it starts; where that is more than there seems to be, what would
 * need less. The largest tensor is held against the adapter's own limit. Of memory in all, browsers tell the machine's at
 * most (up to 8 GB, some nothing), so that warning is a guess, and says so.
 * @param fewer the change that lets no more than so many images run at once
 */
export function MemoryNote({
  images,
  training,
  fewer,
}: {
  images: number;
  training: boolean;
  fewer: (images: number) => { label: string; apply: () => void };
}) {
  const info = generatorStore.getState().info;
  const adapter = useEngine((state) => state.status?.adapter);
  if (!info || !adapter) return null;
  const work = { images, side: info.latentSize, training, half: info.half };
  const bytes = unetMemory(info.unet, work);
  const what = `About ${byteSize(bytes)} of ${adapter.software ? 'memory' : 'GPU memory'} while it ${training ? 'learns' : 'draws'}.`;
  const limits = { total: memoryLimit(), tensor: tensorLimit(adapter) };
  const fitting = imagesThatFit(info.unet, work, limits);
  if (fitting >= images) {
    return (
      <Text size="xs" c="dimmed">
        {what}
      </Text>
    );
  }
  const largest = largestTensor(info.unet, work);
  const never = largest > limits.tensor;
  const smaller = fitting > 0 || images > 1 ? fewer(Math.max(1, fitting)) : null;
  return (
    <Alert color={never ? 'red' : 'amber'} variant="light" p="xs">
      <Group gap="sm" justify="space-between">
        <Text size="sm" flex="1 1 220px">
          {what}{' '}
          {never
            ? `One tensor of it has ${byteSize(largest)}, and this adapter takes ${byteSize(limits.tensor)} at most.`
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

/** What the browser says of the machine's memory, in GiB. */
function machineGigabytes(): number | undefined {
  return (navigator as Navigator & { deviceMemory?: number }).deviceMemory;
}

function memoryLimit(): number {
  const machine = machineGigabytes();
  return machine === undefined ? Number.POSITIVE_INFINITY : SHARE * machine * 2 ** 30;
}

function tensorLimit(adapter: { maxBufferSize: number; maxStorageBufferBindingSize: number }): number {
  return Math.min(adapter.maxBufferSize, adapter.maxStorageBufferBindingSize);
}
