import { useStore } from 'zustand';
import { weightBytes } from '../../models/unet2d/memory.ts';
import type { ImageCounts } from '../../personalize/pool/pools.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { largestTrainingTensor, trainingMemory } from '../../personalize/trainer/memory.ts';
import { trainingMicroBatch } from '../../personalize/trainer/microBatch.ts';
import { useEngine } from '../hooks.ts';
import { LongRunNote } from '../LongRunNote.tsx';
import { MemoryNote, memoryLimits } from '../MemoryNote.tsx';
import { generatorStore } from '../store/generator.ts';
import { changeSettings } from '../store/training.ts';
import { teachingWork } from '../store/workload.ts';

/** What takes less than a recipe. */
const SHORTER: Record<TrainingSettings['preset'], string> = {
  paper: 'Balanced and Quick take far less.',
  balanced: 'Quick takes less.',
  quick: 'Fewer steps take less.',
  custom: 'Fewer steps, triplets and layers take less.',
};

/** What a run of the encoder will take: memory, with the generator's where one is loaded, and the time where that is long. */
export function BeforeTeaching({ settings, counts }: { settings: TrainingSettings; counts: ImageCounts }) {
  const encoder = useEngine((state) => state.encoder);
  const traits = useEngine((state) => state.status?.compute.traits);
  const generator = useStore(generatorStore, (state) => state.info);
  if (!encoder || !traits) return null;
  const { config, inputSize: side } = encoder;
  const now = trainingMicroBatch(traits, config, side, settings);
  const beside = generator ? weightBytes(generator.unet, generator.half).all : 0;
  const needOf = (microBatch: number) => {
    const work = { config, side, settings, counts, microBatch };
    return { all: beside + trainingMemory(work), largest: largestTrainingTensor(work) };
  };
  const limits = memoryLimits(traits);
  let fewer = now;
  const tooMuch = () => needOf(fewer).all > limits.total || needOf(fewer).largest > limits.tensor;
  while (fewer > 1 && tooMuch()) fewer = Math.ceil(fewer / 2);
  const { all: gigaflop } = teachingWork({ config, side, settings, counts, microBatch: now });
  return (
    <>
      <LongRunNote work={{ kind: 'encoder' }} units={gigaflop} shorter={SHORTER[settings.preset]} />
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
    </>
  );
}
