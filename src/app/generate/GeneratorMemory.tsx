import { useStore } from 'zustand';
import { imagesThatFit, largestTensor, unetMemory } from '../../models/unet2d/memory.ts';
import { encoderBytes } from '../../personalize/trainer/memory.ts';
import { useEngine } from '../hooks.ts';
import { MemoryNote, memoryLimits } from '../MemoryNote.tsx';
import { generatorStore } from '../store/generator.ts';

/**
 * The memory of drawing or learning: the generator's, and the encoder's beside it.
 * @param images run at once
 * @param fewer the change that lets no more than so many run at once
 */
export function GeneratorMemory({
  images,
  training,
  fewer,
}: {
  images: number;
  training: boolean;
  fewer: (images: number) => { label: string; apply: () => void };
}) {
  const info = useStore(generatorStore, (state) => state.info);
  const traits = useEngine((state) => state.status?.compute.traits);
  const encoder = useEngine((state) => state.encoder);
  if (!info || !traits) return null;
  const work = { images, side: info.latentSize, training, half: info.half };
  const beside = encoder ? encoderBytes(encoder.config) : 0;
  const { total, tensor } = memoryLimits(traits);
  const fitting = imagesThatFit(info.unet, work, { total: total - beside, tensor });
  return (
    <MemoryNote
      need={{ all: beside + unetMemory(info.unet, work), largest: largestTensor(info.unet, work) }}
      doing={training ? 'learns' : 'draws'}
      smaller={fitting > 0 || images > 1 ? fewer(Math.max(1, fitting)) : null}
    />
  );
}
