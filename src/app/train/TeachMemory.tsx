import { useStore } from 'zustand';
import { weightBytes } from '../../models/unet2d/memory.ts';
import type { ImageCounts } from '../../personalize/pool/pools.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { loraLayers } from '../../personalize/trainer/loraTargets.ts';
import { largestTrainingTensor, trainingMemory } from '../../personalize/trainer/memory.ts';
import { microBatchOn } from '../../personalize/trainer/microBatch.ts';
import { useEngine } from '../hooks.ts';
import { MemoryNote, memoryLimits } from '../MemoryNote.tsx';
import { generatorStore } from '../store/generator.ts';
import { changeSettings } from '../store/training.ts';

/** The memory of a run of the encoder, and the generator's beside it where one is loaded. */
export function TeachMemory({ settings, counts }: { settings: TrainingSettings; counts: ImageCounts }) {
  const encoder = useEngine((state) => state.encoder);
  const adapter = useEngine((state) => state.status?.adapter);
  const generator = useStore(generatorStore, (state) => state.info);
  if (!encoder || !adapter) return null;
  const { config, inputSize: side } = encoder;
  const layers = loraLayers(config.numHiddenLayers, settings.lora.lastLayers).length;
  const now = microBatchOn(adapter, config, side, layers, settings.batch, settings.microBatch);
  const beside = generator ? weightBytes(generator.unet, generator.half).all : 0;
  const needOf = (microBatch: number) => {
    const work = { config, side, settings, counts, microBatch };
    return { all: beside + trainingMemory(work), largest: largestTrainingTensor(work) };
  };
  const limits = memoryLimits(adapter);
  let fewer = now;
  const tooMuch = () => needOf(fewer).all > limits.total || needOf(fewer).largest > limits.tensor;
  while (fewer > 1 && tooMuch()) fewer = Math.ceil(fewer / 2);
  return (
    <MemoryNote
      need={needOf(now)}
      doing="is taught"
      smaller={
        fewer < now
          ? {
              label: `Encode ${fewer} ${fewer === 1 ? 'triplet' : 'triplets'} at a time`,
              apply: () => changeSettings({ microBatch: fewer }),
            }
          : null
      }
    />
  );
}
