import { Anchor, Text } from '@mantine/core';
import { unetMemory } from '../../models/unet2d/memory.ts';
import { byteSize } from '../format.ts';
import { useEngine } from '../hooks.ts';
import { generatorStore } from '../store/generator.ts';

/** Share of the machine's memory that a stage may be expected to get; a browser does not say what the GPU has. */
const SHARE = 0.5;

/**
 * What a stage will need of the GPU's memory, before it starts. Browsers tell the machine's memory at most (up to 8 GB), so
 * the warning is a guess, and says so.
 * @param smaller a change of settings that needs less, where there is one
 */
export function MemoryNote({
  images,
  training,
  smaller,
}: {
  images: number;
  training: boolean;
  smaller?: { label: string; apply: () => void } | undefined;
}) {
  const info = generatorStore.getState().info;
  const software = useEngine((state) => state.status?.adapter.software);
  if (!info) return null;
  const bytes = unetMemory(info.unet, { images, side: info.latentSize, training });
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  const tight = deviceMemory !== undefined && bytes > SHARE * deviceMemory * 2 ** 30;
  return (
    <Text size="xs" c={tight ? 'red' : 'dimmed'}>
      About {byteSize(bytes)} of {software ? 'memory' : 'GPU memory'} while it {training ? 'learns' : 'draws'}
      .{tight && ' That may be more than there is. '}
      {tight && smaller && (
        <Anchor component="button" type="button" size="xs" onClick={smaller.apply}>
          {smaller.label}
        </Anchor>
      )}
    </Text>
  );
}
