import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useLibrary } from './hooks.ts';
import { storedClassImages } from './store/classImages.ts';
import { generationStore } from './store/generationState.ts';
import { generatorStore } from './store/generator.ts';

/** How many pictures of the open subject's class the untuned generator has drawn. */
export function useClassImageCount(): number {
  const className = useLibrary(({ current }) => current?.className);
  const generatorId = useStore(generatorStore, ({ info }) => info?.id ?? 'embedded');
  const changes = useStore(generationStore, ({ classImages }) => classImages);
  const [count, setCount] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` counts what was added and removed
  useEffect(() => {
    if (!className) return;
    let gone = false;
    storedClassImages(generatorId, className).then(
      (images) => gone || setCount(images.length),
      // Teaching reads them again, and says what is wrong with them.
      () => gone || setCount(0),
    );
    return () => {
      gone = true;
    };
  }, [className, generatorId, changes]);
  return count;
}
